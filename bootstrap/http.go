package bootstrap

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"go.uber.org/fx"

	"meet/adapters/httpapi"
	"meet/adapters/metrics"
	"meet/adapters/sqlstore"
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
	"meet/ports"
)

// Listener is the server's listening socket once it has started.
type Listener struct{ address net.Addr }

// Address is host:port.
func (l *Listener) Address() string {
	if l.address == nil {
		return ""
	}
	return l.address.String()
}

// uses collects what the handlers call. fx fills the fields.
type uses struct {
	fx.In
	SignIn      *signin.Service
	SignOut     *signout.Service
	Rooms       *room.Service
	Accesses    *access.Service
	AccessList  ports.Accesses
	Lobby       *lobby.Service
	Moderation  *moderation.Service
	Events      *event.Service
	DialIn      *dialin.Service
	Invitations *invitation.Service
	Bans        ports.Bans
	Subtitles   *subtitle.Service
	Passes      ports.Passes
	Counts      ports.Counts
	Meter       ports.Meter
	Users       ports.Users
	Sessions    ports.Sessions
	Arrivals    ports.Arrivals
	DB          *sqlstore.DB
	World       ports.Surroundings
}

// httpServer answers requests; it starts last and stops first.
func httpServer(config Config) fx.Option {
	return fx.Module("http",
		fx.Provide(
			func(u uses) (*httpapi.Server, error) {
				return httpapi.New(httpapi.Uses{
					SignIn: u.SignIn, SignOut: u.SignOut, Rooms: u.Rooms, Accesses: u.Accesses, AccessList: u.AccessList,
					Lobby: u.Lobby, Moderation: u.Moderation, Events: u.Events, DialIn: u.DialIn, Invitations: u.Invitations,
					Bans: u.Bans, Subtitles: u.Subtitles, Passes: u.Passes, Counts: u.Counts, Meter: u.Meter,
					Users: u.Users, Sessions: u.Sessions, Arrivals: u.Arrivals, Ping: u.DB.Ping, World: u.World,
				}, config.HTTP)
			},
			func() *Listener { return &Listener{} },
		),
		fx.Invoke(listen))
}

// closeTime is left for ending what is beside the requests.
const closeTime = 5 * time.Second

func listen(lifecycle fx.Lifecycle, shutdown fx.Shutdowner, config Config, handler *httpapi.Server, counts *metrics.Registry, lobbies *lobby.Service,
	bound *Listener) {
	server := &http.Server{
		Handler:           watched(config, counts, handler),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ConnState:         httpapi.NextHead,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
	server.RegisterOnShutdown(lobbies.Close) // answers that are held back go out now
	lifecycle.Append(fx.Hook{
		OnStart: func(ctx context.Context) error {
			listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", config.ListenAddr)
			if err != nil {
				return Named("LISTEN_ADDR", err)
			}
			bound.address = listener.Addr()
			slog.InfoContext(ctx, "listening", "address", listener.Addr().String())
			go func() {
				if err := server.Serve(httpapi.BoundHeads(listener)); !errors.Is(err, http.ErrServerClosed) {
					slog.Error("the HTTP server ended", "error", err)
					_ = shutdown.Shutdown(fx.ExitCode(1))
				}
			}()
			return nil
		},
		OnStop: func(ctx context.Context) error {
			ctx, cancel := context.WithTimeout(ctx, StopTimeout-closeTime)
			defer cancel()
			if err := server.Shutdown(ctx); err != nil { // what else is to be ended must be, too
				slog.WarnContext(ctx, "requests were broken off", "error", err)
				return server.Close()
			}
			return nil
		},
	})
}
