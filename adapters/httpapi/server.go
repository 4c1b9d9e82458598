package httpapi

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"meet/application/access"
	"meet/application/dialin"
	"meet/application/event"
	"meet/application/invitation"
	"meet/application/lobby"
	"meet/application/moderation"
	"meet/application/room"
	"meet/application/signin"
	"meet/application/signout"
	"meet/application/subtitle"
	"meet/domain"
	"meet/ports"
)

// Config is an instance's choices about HTTP.
type Config struct {
	AllowedHosts   []string // exact names, ".example.org" for a domain, "*"
	TrustedProxies []netip.Prefix
	OneProxy       bool     // no more than one of them stands between a client and us
	TrustedOrigins []string // for CSRF; "https://*.example.org" allowed
	RedirectHTTPS  bool     // plain requests go to https, with HSTS
	SecureCookies  bool     // even where the request does not look like https
	Secret         string   // signs what browsers keep

	CORSAllowAll bool
	CORSOrigins  []string
	CORSRegexps  []*regexp.Regexp // matched at the start of the origin

	SessionCookie string
	SessionAge    time.Duration

	LobbyCookie          string
	RoomkitToken         string   // by which LiveKit's SIP side calls, "" for none
	RoomkitPinLength     int      // 0: no device is let in
	SubtitleAgent        string   // "" for no subtitles
	ConnectionTest       bool     // visitors may test their connection
	ForbiddenPermissions []string // that nobody may set, by their names

	ReturnToField      string // query parameter of authenticate
	LoginRedirect      string
	LoginFailure       string
	LogoutRedirect     string
	LogoutByGet        bool
	StoreIDToken       bool
	Languages          []string
	ListUsers          bool
	Rates              Rates
	Documentation      bool // the OpenAPI document and its two pages
	Version            Version
	Client             ClientConfig
	LiveKitURL         string
	PublicKeys         any // JSON Web Key Set (RFC 7517), nil for none
	FrontendFiles      Files
	FrontendIsForeign  bool // not our own: no content security policy
	FrontendUnbuiltTip string
	FrameAncestors     []string // origins that may frame its /sdk/, when it is foreign
}

// Uses are the use cases and ports that the handlers call.
type Uses struct {
	SignIn      *signin.Service
	SignOut     *signout.Service
	Rooms       *room.Service
	Accesses    *access.Service
	Lobby       *lobby.Service
	Moderation  *moderation.Service
	Events      *event.Service
	DialIn      *dialin.Service
	Invitations *invitation.Service
	Bans        ports.Bans
	Subtitles   *subtitle.Service
	Passes      ports.Passes
	Counts      ports.Counts // of rate limits
	Meter       ports.Meter
	Users       ports.Users
	AccessList  ports.Accesses
	Sessions    ports.Sessions
	Arrivals    ports.Arrivals
	Ping        func(ctx context.Context) error // the database
	World       ports.Surroundings
}

// Server answers HTTP requests.
type Server struct {
	Uses
	echo         *echo.Echo
	config       Config
	sessions     *sessions
	csrf         *csrf
	throttles    throttles
	lobbyCookies *lobbyCookies
	attempts     *attemptCookies
	frontend     *frontend
	suffixed     map[string]bool // routes that exist as ".json" too
	distrust     sync.Once       // says which proxy is not trusted
	badHosts     reminders       // of hosts that are not ours
	asides       chan struct{}   // one of each that is served aside
	draining     atomic.Bool     // the server is about to stop
	gathered     gathering       // of held knocks
	incoming     incoming        // what bodies take in memory
}

// New wires the server.
func New(uses Uses, config Config) (*Server, error) {
	s := &Server{Uses: uses, config: config, echo: echo.New(), asides: make(chan struct{}, maxAsides), incoming: incoming{taken: map[string]int{}}, badHosts: reminders{at: map[string]time.Time{}}}
	s.sessions = newSessions(s)
	s.csrf = &csrf{s}
	s.frontend = newFrontend(config)
	var err error
	if s.lobbyCookies, err = newLobbyCookies(s); err != nil {
		return nil, err
	}
	if s.attempts, err = newAttemptCookies(s); err != nil {
		return nil, err
	}
	s.throttles = throttles{s}
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.Logger.SetOutput(io.Discard)
	s.echo.HTTPErrorHandler = s.fail
	s.echo.Pre(s.observe, recovered, s.harden, s.cors, plausible, s.secure, preflight, s.checkHost, s.formatSuffix)
	s.route()
	return s, nil
}

// recovered turns panics into errors of the request.
var recovered = middleware.RecoverWithConfig(middleware.RecoverConfig{
	LogErrorFunc: func(c echo.Context, err error, stack []byte) error {
		slog.ErrorContext(c.Request().Context(), "panic in a request", "error", err, "stack", string(stack))
		return err
	},
})

// requestLimit is for how long a request may last, besides what it chose to
// wait: a database that does not answer holds nobody for longer.
const requestLimit = 15 * time.Second

// observe names each request, counts it and logs how it went: never its
// query, which may hold names, codes and tokens.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start, id := time.Now(), s.World.NewID().String()
		ctx := ports.WithOrigin(c.Request().Context(), domain.Origin{Address: s.clientAddress(c.Request()), RequestID: id})
		limit := requestLimit
		if holdOf(c) == nil {
			limit += preferredWait(c.Request())
		}
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		if s.draining.Load() {
			c.Response().Header().Set(echo.HeaderConnection, "close")
		}
		err := next(c)
		if errors.Is(err, errHeld) {
			return nil
		}
		if err != nil {
			c.Error(err)
		}
		request, took := c.Request(), time.Since(start)
		s.Meter.Answered(request.Method, c.Path(), c.Response().Status, took)
		if span := trace.SpanFromContext(ctx); span.IsRecording() {
			span.SetName(domain.Excerpt(request.Method) + " " + c.Path())
			span.SetAttributes(attribute.String("http.route", c.Path()), attribute.String("client.address", ports.OriginOf(ctx).Address))
		}
		level := slog.LevelInfo
		if request.URL.Path == "/__lbheartbeat__" || request.URL.Path == "/__heartbeat__" {
			level = slog.LevelDebug
		}
		if slog.Default().Enabled(ctx, level) {
			slog.LogAttrs(ctx, level, "request", slog.String("method", domain.Excerpt(request.Method)), slog.String("path", domain.Excerpt(request.URL.Path)),
				slog.Int("status", c.Response().Status), slog.Duration("took", took))
		}
		return nil
	}
}

// visit is the request as somebody who looks at a room.
func visit(c echo.Context) (room.Visit, error) {
	username := query(c, "username")
	if err := checkUsername(username); err != nil {
		return room.Visit{}, err
	}
	arrival := arrived(c)
	return room.Visit{User: arrival.User, Username: username, Seen: arrival.Room}, nil
}

// roomVisit is visit for requests that name nobody.
func roomVisit(c echo.Context) room.Visit {
	arrival := arrived(c)
	return room.Visit{User: arrival.User, Seen: arrival.Room}
}

// maxUsername is the longest participant name that LiveKit accepts, in bytes.
const maxUsername = 256

func checkUsername(name string) error {
	if len(name) > maxUsername {
		return domain.InvalidField("username", "Ensure this field has no more than 256 characters.")
	}
	for _, r := range name {
		if r == 0 || r == '\ufffd' {
			return domain.InvalidField("username", "Not a valid string.")
		}
	}
	return nil
}
