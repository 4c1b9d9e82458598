package httpapi

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"meet/domain"
)

// who may call an endpoint. The zero value is not allowed: each endpoint
// decides, and a test checks that it did.
type who int

const (
	undecided       who = iota
	anyone              // no session is looked at, no cookie counts
	visitors            // everybody; a session, if there is one, is known
	readersAnyone       // reading is for everybody, writing for the signed-in
	signedIn            // the signed-in only
	provider            // the OpenID provider, by a signed token
	browserNavigate     // a browser on its way through sign-in or sign-out
	passHolders         // callers with a LiveKit access token
	passOrSignedIn      // the same, or else the signed-in
	devices             // LiveKit's SIP side, by a token of its own
	mediaServer         // LiveKit, by a signed body
)

// methods maps HTTP methods to their handlers. GET serves HEAD too.
type methods map[string]echo.HandlerFunc

// endpoint is one address of the API.
type endpoint struct {
	path     string
	who      who
	methods  methods
	throttle []*throttle
	limit    int  // bytes of the body, 0 for smallBody
	later    bool // the handler itself refuses callers without a LiveKit access token
	noHead   bool
	noSuffix bool // does not exist as ".json" either
	parses   []string
}

var methodOrder = []string{
	http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions,
}

// rest reports whether the endpoint follows the conventions of the REST API
// rather than those of redirects.
func (e endpoint) rest() bool {
	return e.who != provider && e.who != browserNavigate && e.who != mediaServer
}

// describes reports whether the endpoint answers OPTIONS.
func (e endpoint) describes() bool { return e.rest() || e.who == mediaServer }

func (e endpoint) allow() string {
	var list []string
	for _, method := range methodOrder {
		_, served := e.methods[method]
		_, read := e.methods[http.MethodGet]
		if served || (e.describes() && method == http.MethodOptions) || (e.rest() && method == http.MethodHead && read && !e.noHead) {
			list = append(list, method)
		}
	}
	return strings.Join(list, ", ")
}

func (e endpoint) handler(method string) (echo.HandlerFunc, bool) {
	if method == http.MethodHead && !e.noHead && e.rest() {
		method = http.MethodGet
	}
	handle, served := e.methods[method]
	return handle, served
}

func safe(method string) bool {
	return slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace}, method)
}

// serve is what happens to a request of the endpoint, in the contract's
// order: negotiation, who is it, may they, not too often, then the method.
func (s *Server) serve(e endpoint) echo.HandlerFunc {
	allow := e.allow()
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderAllow, allow)
		if held := holdOf(c); held != nil && held.late {
			return errCrowded
		}
		if c.Request().ContentLength != 0 {
			body := s.newBody(c.Response(), c.Request(), addressOf(c), cmp.Or(e.limit, smallBody))
			defer body.forget()
			c.Set(bodyKey, body)
		}
		if e.rest() {
			if err := s.enter(c, e); err != nil {
				return err
			}
			if e.who == devices || signedInAs(c) {
				bodyOf(c).known()
			}
		}
		method := c.Request().Method
		handle, served := e.handler(method)
		switch {
		case served:
			return handle(c)
		case method == http.MethodOptions && e.describes():
			return s.describe(c, e)
		default:
			return methodNotAllowed(method)
		}
	}
}

// enter checks everything that comes before the method of a REST request.
func (s *Server) enter(c echo.Context, e endpoint) error {
	if err := acceptable(c.Request()); err != nil {
		return err
	}
	if err := s.identify(c, e); err != nil {
		return err
	}
	return s.throttles.check(c, e.throttle)
}

// identify finds out who calls, and whether they may call this endpoint at all.
func (s *Server) identify(c echo.Context, e endpoint) error {
	switch e.who {
	case anyone:
		return nil
	case devices:
		return s.readDevice(c)
	case passHolders, passOrSignedIn:
		found, err := s.readPass(c)
		if err != nil || found {
			return err
		}
		if _, served := e.handler(c.Request().Method); !served {
			return nil // the method is refused
		}
		if e.who == passHolders && !e.later {
			return errNoPass
		}
		if e.who == passHolders {
			return nil
		}
	}
	return s.identifySession(c, e)
}

func (s *Server) identifySession(c echo.Context, e endpoint) error {
	actor, err := s.sessions.recognise(c)
	if err != nil {
		return err
	}
	method := c.Request().Method
	if actor.SignedIn() {
		s.csrf.keep(c)
		if held := holdOf(c); !safe(method) && (held == nil || !held.spent) { // else it was checked before it waited
			if err := s.csrf.check(c); err != nil {
				return err
			}
		}
		return nil
	}
	switch {
	case e.who == passOrSignedIn:
		return errNoPass
	case e.who == signedIn, e.who == readersAnyone && !safe(method):
		return domain.ErrUnauthenticated
	}
	return nil
}

// describe answers OPTIONS.
func (s *Server) describe(c echo.Context, e endpoint) error {
	parses := e.parses
	if parses == nil {
		parses = []string{mimeJSON, mimeMultipart}
	}
	return respond(c, http.StatusOK, struct {
		Name        string   `json:"name"`
		Description string   `json:"description"`
		Renders     []string `json:"renders"`
		Parses      []string `json:"parses"`
	}{strings.Trim(e.path, "/"), "", []string{mimeJSON}, parses})
}

// signedInAs reports whether the caller has an account, by a session or by a
// LiveKit access token; those of guests are given to everybody.
func signedInAs(c echo.Context) bool {
	pass := passOf(c)
	return actor(c).SignedIn() || pass != nil && pass.User.SignedIn()
}

const arrivalKey = "arrival"

// arrived is the person behind the request, a stranger without a session, and
// the room of the address as that person sees it.
func arrived(c echo.Context) domain.Arrival {
	arrival, _ := c.Get(arrivalKey).(domain.Arrival)
	return arrival
}

func actor(c echo.Context) domain.User { return arrived(c).User }
