package bootstrap

import (
	"context"
	"crypto/rand"
	"log/slog"
	"math/big"
	"time"

	"github.com/google/uuid"
	"go.uber.org/fx"
	"go.uber.org/fx/fxevent"

	"meet/ports"
)

// Application is the whole server for fx; extra adds to it.
func Application(config Config, extra ...fx.Option) fx.Option {
	return fx.Options(
		fx.WithLogger(func() fxevent.Logger { return fxevent.NopLogger }),
		fx.StartTimeout(startTimeout), fx.StopTimeout(StopTimeout),
		fx.Supply(config, Surroundings()),
		sqlStorage(config.Database),
		shared(config),
		outside(config),
		fx.Options(extra...),
		useCases(config),
		httpServer(config),
	)
}

const (
	startTimeout = 2 * time.Minute // migrations of a large database take time

	// StopTimeout is how long requests may take to end.
	StopTimeout = 30 * time.Second
)

// Surroundings are the real clock, ids, chance and log.
func Surroundings() ports.Surroundings {
	return ports.Surroundings{
		Now:   func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) },
		NewID: uuid.New,
		Pick:  pick,
		Note: func(ctx context.Context, message string, attributes ...any) {
			slog.InfoContext(ctx, message, append(attributes, "audit", true)...)
		},
		Warn: func(ctx context.Context, message string, attributes ...any) {
			slog.WarnContext(ctx, message, attributes...)
		},
	}
}

// pick draws from the operating system's generator, which never fails.
func pick(n int) int {
	number, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil { // crypto/rand ends the process rather than fail
		return 0
	}
	return int(number.Int64())
}
