package bootstrap

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"go.uber.org/fx"

	"meet/adapters/metrics"
	"meet/adapters/sentry"
	"meet/adapters/sqlstore"
	"meet/adapters/tracing"
	"meet/ports"
)

// watch is how operators see what goes on: metrics, traces, reports of errors.
// As the first module it starts first and stops last.
func watch() fx.Option {
	return fx.Options(
		fx.Module("watch",
			fx.Provide(
				func() *metrics.Registry { return metrics.New(Version().Version, Version().Commit) },
				func(counts *metrics.Registry) ports.Meter { return counts },
			),
			fx.Invoke(reportErrors, trace, serveMetrics)),
		fx.Decorate(
			func(counts *metrics.Registry, next ports.Tokens) ports.Tokens { return counts.Tokens(next) },
			func(counts *metrics.Registry, next ports.Lobby) ports.Lobby { return counts.Lobby(next) },
			func(counts *metrics.Registry, next ports.Inbox) ports.Inbox { return counts.Inbox(next) },
		))
}

// reportErrors sends what goes wrong to Sentry, besides the log.
func reportErrors(lifecycle fx.Lifecycle, config Config) error {
	if config.Watch.Sentry.DSN == "" {
		return nil
	}
	reports, err := sentry.Open(config.Watch.Sentry)
	if err != nil {
		return err
	}
	log := slog.Default()
	lifecycle.Append(fx.StartStopHook(
		func() { slog.SetDefault(slog.New(slog.NewMultiHandler(log.Handler(), reports))) },
		func() {
			slog.SetDefault(log)
			reports.Flush(flushTimeout)
		}))
	return nil
}

// trace exports spans while the server runs.
func trace(lifecycle fx.Lifecycle, config Config) {
	if !config.Watch.Traces.On() {
		return
	}
	var stop func(context.Context) error
	lifecycle.Append(fx.Hook{
		OnStart: func(ctx context.Context) (err error) {
			stop, err = tracing.Start(ctx, config.Watch.Traces)
			return err
		},
		OnStop: func(ctx context.Context) error {
			ctx, cancel := context.WithTimeout(ctx, flushTimeout)
			defer cancel()
			if err := stop(ctx); err != nil {
				slog.WarnContext(ctx, "spans were lost", "error", err)
			}
			return nil
		},
	})
}

// watched counts and traces what the handler answers.
func watched(config Config, counts *metrics.Registry, handler http.Handler) http.Handler {
	handler = counts.InFlight(handler)
	if config.Watch.Traces.On() {
		handler = tracing.Handler(handler)
	}
	return handler
}

// serveMetrics shows the metrics on a listener of their own, which is not for
// the public.
func serveMetrics(lifecycle fx.Lifecycle, shutdown fx.Shutdowner, config Config, counts *metrics.Registry, db *sqlstore.DB, backlog ports.Backlog) {
	if config.Watch.MetricsAddr == "" {
		return
	}
	counts.Pool(db.SQL())
	counts.Backlog(backlog)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", counts.Handler())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second}
	lifecycle.Append(fx.Hook{
		OnStart: func(ctx context.Context) error {
			listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", config.Watch.MetricsAddr)
			if err != nil {
				return Named("METRICS_ADDR", err)
			}
			slog.InfoContext(ctx, "metrics", "address", listener.Addr().String())
			go func() {
				if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
					slog.Error("the metrics listener ended", "error", err)
					_ = shutdown.Shutdown(fx.ExitCode(1))
				}
			}()
			return nil
		},
		OnStop: server.Shutdown,
	})
}
