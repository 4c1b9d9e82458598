package bootstrap

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/fx"

	"meet/adapters/httpapi"
	"meet/adapters/logging"
)

func serveCommand(edition Edition) *cobra.Command {
	return &cobra.Command{
		Use: "serve", Short: "Answer requests until told to stop", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, addition, err := edition.prepare()
			if err != nil {
				return err
			}
			log := logging.NewBatch(os.Stderr)
			defer log.Flush()
			slog.SetDefault(slog.New(logging.New(log, config.Watch.Log)))
			for _, warning := range config.Warnings {
				slog.Warn(warning)
			}
			return serve(cmd, config, addition)
		},
	}
}

// gcPercent trades memory for time: the heap is small, a few MiB when idle.
const gcPercent = 200

// serve runs until the first signal, then lets requests end; a second signal
// ends everything at once.
func serve(cmd *cobra.Command, config Config, addition Addition) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	var bound *Listener
	var handler *httpapi.Server
	app := fx.New(Application(config, addition.Options...), fx.Populate(&bound, &handler))
	started := make(chan error, 1)
	go func() { started <- start(app) }()
	select {
	case err := <-started:
		if err != nil {
			return err
		}
	case <-signals:
		os.Exit(130)
	}
	if addition.Banner != nil {
		cmd.Print(addition.Banner(bound.Address()))
	}

	var code int
	select {
	case <-signals:
		handler.Drain()
		select {
		case <-time.After(config.ShutdownDelay):
		case <-signals:
			os.Exit(130)
		}
	case stop := <-app.Wait():
		code = stop.ExitCode
	}
	slog.Info("stopping; once more to stop at once")
	go func() {
		<-signals
		os.Exit(130)
	}()
	ctx, cancel := context.WithTimeout(context.Background(), StopTimeout)
	defer cancel()
	if err := app.Stop(ctx); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	if code != 0 {
		return fmt.Errorf("the server failed")
	}
	return nil
}

func start(app *fx.App) error {
	ctx, cancel := context.WithTimeout(context.Background(), app.StartTimeout())
	defer cancel()
	return app.Start(ctx)
}
