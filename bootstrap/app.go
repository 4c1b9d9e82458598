package bootstrap

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"math/big"
	"time"

	"github.com/google/uuid"
	"go.uber.org/fx"
	"go.uber.org/fx/fxevent"

	"meet/domain"
	"meet/ports"
)

// Application is the whole server for fx; extra adds to it.
func Application(config Config, extra ...fx.Option) fx.Option {
	return fx.Options(
		fx.WithLogger(func() fxevent.Logger { return fxevent.NopLogger }),
		fx.StartTimeout(startTimeout+config.Database.LockWait), fx.StopTimeout(StopTimeout),
		fx.Supply(config),
		fx.Provide(newSurroundings),
		watch(),
		sqlStorage(config),
		shared(config),
		outside(config),
		fx.Options(extra...),
		useCases(config),
		httpServer(config),
	)
}

const (
	startTimeout = 2 * time.Minute // migrations of a large database take time

	// StopTimeout is how long requests, and what is beside them, may take to end.
	StopTimeout = 35 * time.Second
)

// newSurroundings are the real clock, ids, chance, log and record of deeds.
func newSurroundings(deeds ports.Deeds) ports.Surroundings {
	return ports.Surroundings{
		Now:   now,
		NewID: uuid.New,
		Pick:  pick,
		Note:  note(deeds),
		Warn: func(ctx context.Context, message string, attributes ...any) {
			slog.WarnContext(ctx, message, attributes...)
		},
	}
}

func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// noteTime is for how long writing a deed down may take.
const noteTime = 10 * time.Second

// note keeps a deed, even when who asked for it has gone meanwhile: it is
// done. The log shows deeds once they are sealed.
func note(deeds ports.Deeds) ports.Note {
	return func(ctx context.Context, deed domain.Deed) error {
		deed.ID, deed.At, deed.Origin = uuid.New(), now(), ports.OriginOf(ctx)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTime)
		defer cancel()
		if err := deeds.Add(ctx, deed); err != nil {
			return fmt.Errorf("write down %s: %w", deed.Action, err)
		}
		return nil
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
