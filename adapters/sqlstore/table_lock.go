package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/lib/pq"
)

// tableWait is for how long a step waits for a table that others lock before
// all is undone and tried again: meanwhile everybody else who wants the table
// waits behind the step.
const tableWait = 3 * time.Second

// tableLocked reports whether a step has waited for a table for too long.
func tableLocked(err error) bool {
	refused, answered := errors.AsType[*pq.Error](err)
	return answered && refused.Code == "55P03"
}

// patiently repeats work, which undoes everything when it fails, until no
// table is locked by others or wait is over.
func patiently(ctx context.Context, pool *sql.DB, wait time.Duration, work func(*watchman) error) error {
	begun := time.Now()
	for {
		watch := newWatchman(ctx, pool)
		err := work(watch)
		blockers := watch.end()
		if !tableLocked(err) {
			return err
		}
		if time.Since(begun) >= wait || ctx.Err() != nil {
			return fmt.Errorf("waited %v for a table that is locked by %s: %w", wait, blockers, err)
		}
		slog.WarnContext(ctx, "waiting for a table that somebody else locks", "holder", blockers, "at_most", wait)
	}
}

// watchman looks from a connection of its own at whom a step waits for: when
// the step has failed, the server no longer knows.
type watchman struct {
	pool    *sql.DB
	process chan int
	stop    context.CancelFunc
	seen    chan string
}

// watchEvery is shorter than a step waits for a table.
const watchEvery = 100 * time.Millisecond

func newWatchman(ctx context.Context, pool *sql.DB) *watchman {
	ctx, stop := context.WithCancel(ctx)
	w := &watchman{pool: pool, process: make(chan int, 1), stop: stop, seen: make(chan string, 1)}
	go w.look(ctx)
	return w
}

// watch begins with the process of the server that takes the steps.
func (w *watchman) watch(ctx context.Context, steps *sql.DB) error {
	var pid int
	if err := steps.QueryRowContext(ctx, `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
		return err
	}
	w.process <- pid
	return nil
}

func (w *watchman) look(ctx context.Context) {
	last := ""
	defer func() { w.seen <- last }()
	var pid int
	select {
	case <-ctx.Done():
		return
	case pid = <-w.process:
	}
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if words := described(ctx, w.pool, blockers, pid); words != "" {
				last = words
			}
		}
	}
}

// end tells for whom the steps last waited.
func (w *watchman) end() string {
	w.stop()
	if words := <-w.seen; strings.TrimSpace(words) != "" {
		return words
	}
	return "somebody unknown"
}
