package bootstrap

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"

	"go.uber.org/fx"

	"meet/adapters/analytics"
	"meet/adapters/livekit"
	"meet/adapters/metrics"
	"meet/adapters/oidc"
	"meet/adapters/smtp"
	"meet/ports"
)

// outside is the world beyond the database: the OpenID provider, the media
// server and the product team.
func outside(config Config) fx.Option {
	return fx.Module("outside",
		fx.Supply(config.OIDC, config.LiveKit, config.SMTP),
		fx.Provide(
			fx.Annotate(oidc.New, fx.As(fx.Self()), fx.As(new(ports.IdentityProvider))),
			fx.Annotate(livekit.NewTokens, fx.As(new(ports.Tokens)), fx.As(new(ports.Passes)), fx.As(new(ports.Webhooks))),
			livekit.NewAPI,
			fx.Annotate(livekit.NewMeeting, fx.As(fx.Self()), fx.As(new(ports.Meeting))),
			fx.Annotate(livekit.NewParticipants, fx.As(new(ports.Participants))),
			fx.Annotate(newAgents, fx.As(new(ports.Agents))),
			fx.Annotate(livekit.NewEgresses, fx.As(new(ports.Egresses))),
			fx.Annotate(livekit.NewDialIn, fx.As(new(ports.DialIn))),
			fx.Annotate(smtp.New, fx.As(new(ports.Mailer))),
			newAnalytics,
		),
		fx.Invoke(trustLiveKit, findIssuer))
}

func newAgents(api *livekit.API, world ports.Surroundings) *livekit.Agents {
	return livekit.NewAgents(api, world.Now)
}

// findIssuer refuses to start when tokens could not be told from anybody's.
func findIssuer(lifecycle fx.Lifecycle, config Config, provider *oidc.Provider) {
	if config.OIDC.Issuer != "" || config.OIDC.AllowUnknownIssuer {
		return
	}
	lifecycle.Append(fx.StartHook(func(ctx context.Context) error {
		err := provider.Ready(ctx)
		if errors.Is(err, oidc.ErrNoIssuer) {
			return err
		}
		if err != nil {
			slog.WarnContext(ctx, "the OpenID provider does not answer yet", "error", err)
		}
		return nil
	}))
}

// trustLiveKit accepts any certificate of the media server where
// LIVEKIT_VERIFY_SSL=false asks for it, and of nobody else. LiveKit's SDK
// uses the default transport and takes no other.
func trustLiveKit(config Config) error {
	transport, ok := http.DefaultTransport.(*http.Transport)
	if config.VerifySSL || !ok {
		return nil
	}
	server, err := url.Parse(config.LiveKit.URL)
	if err != nil {
		return errors.New("LIVEKIT_API_URL is not a URL") // the cause would quote it
	}
	transport.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		dialer := tls.Dialer{Config: &tls.Config{
			ServerName:         host,
			InsecureSkipVerify: host == server.Hostname(), //nolint:gosec // LIVEKIT_VERIFY_SSL=false asks for it
			MinVersion:         tls.VersionTLS12,
		}}
		return dialer.DialContext(ctx, network, address)
	}
	return nil
}

const analyticsQueue = 1000 // messages

// newAnalytics makes the configured back-end; it flushes at stop.
func newAnalytics(lifecycle fx.Lifecycle, config Config, counts *metrics.Registry) (ports.Analytics, error) {
	var sink analytics.Sink
	switch config.Analytics.Backend {
	case "june":
		june, err := analytics.NewJune(config.Analytics.Key, config.Analytics.Endpoint)
		if err != nil {
			return nil, err
		}
		sink = june
	case "log":
		sink = analytics.Log{}
	default:
		return analytics.None{}, nil
	}
	queue := analytics.NewQueue(sink, analyticsQueue)
	counts.Dropped(queue.Dropped)
	lifecycle.Append(fx.Hook{
		OnStart: func(context.Context) error {
			go queue.Run()
			return nil
		},
		OnStop: func(ctx context.Context) error {
			ctx, cancel := context.WithTimeout(ctx, flushTimeout)
			defer cancel()
			queue.Close(ctx)
			return nil
		},
	})
	return queue, nil
}
