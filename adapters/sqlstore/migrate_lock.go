package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

const (
	lockRetry  = 20 * time.Millisecond
	lockWait   = time.Minute     // unless the configuration says otherwise
	lockRemind = 2 * time.Second // how often the log says for whom we wait
	lockKey    = 0x6d656574      // "meet", as the key of an advisory lock
	who        = `SELECT 'process ' || l.pid || COALESCE(' of user ' || a.usename, '')
		|| COALESCE(', application ' || NULLIF(a.application_name, ''), '') || COALESCE(' at ' || host(a.client_addr), '')
		|| COALESCE(', since ' || to_char(COALESCE(a.xact_start, a.backend_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC', '')`
	blockers    = who + ` FROM unnest(pg_blocking_pids($1)) AS l (pid) LEFT JOIN pg_stat_activity a ON a.pid = l.pid`
	lockHolders = who + ` FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
		WHERE l.locktype = 'advisory' AND l.classid = 0 AND l.objid = 1835361652 AND l.objsubid = 1 AND l.granted
		AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.pid <> pg_backend_pid()`
)

// errLocked is what a wait for the lock ends with.
var errLocked = errors.New("somebody else migrates the database")

// lockPostgres takes the lock for the transaction that is open on the pool's
// one connection: PostgreSQL ends it with the transaction, whoever else uses
// the connection later. No step waits for a table for longer than tableWait.
func lockPostgres(ctx context.Context, pool *sql.DB, wait time.Duration) error {
	if _, err := pool.ExecContext(ctx, `SELECT set_config('lock_timeout', $1, true)`, fmt.Sprint(min(wait, tableWait).Milliseconds())); err != nil {
		return err
	}
	return waitForLock(ctx, wait,
		func() (taken bool, err error) {
			err = pool.QueryRowContext(ctx, `SELECT pg_try_advisory_xact_lock($1)`, lockKey).Scan(&taken)
			return taken, err
		},
		func() string { return holders(ctx, pool) })
}

// holders says who has the lock, in words.
func holders(ctx context.Context, pool *sql.DB) string { return described(ctx, pool, lockHolders) }

// described are the processes that the query finds, in words.
func described(ctx context.Context, pool *sql.DB, query string, args ...any) string {
	rows, err := pool.QueryContext(ctx, query, args...)
	if err != nil {
		return ""
	}
	defer func() { _ = rows.Close() }()
	var list []string
	for rows.Next() {
		var words string
		if rows.Scan(&words) == nil {
			list = append(list, words)
		}
	}
	if rows.Err() != nil {
		return ""
	}
	return strings.Join(list, "; ")
}

// lockFile takes the lock beside an SQLite file, which names its holder.
func lockFile(ctx context.Context, path string, wait time.Duration) (unlock func(), err error) {
	if path == memory {
		return func() {}, nil
	}
	name := path + ".lock"
	file := flock.New(name, flock.SetPermissions(privateFile))
	err = waitForLock(ctx, wait, file.TryLock, func() string {
		text, _ := os.ReadFile(name) //nolint:gosec // it lies beside the database
		return strings.TrimSpace(string(text))
	})
	if err != nil {
		return nil, err
	}
	_ = os.WriteFile(name, fmt.Appendf(nil, "process %d, since %s\n", os.Getpid(), time.Now().UTC().Format(time.DateTime+" UTC")), privateFile)
	return func() { _ = file.Unlock() }, nil
}

// waitForLock tries until it has the lock, and says meanwhile who holds it.
func waitForLock(ctx context.Context, wait time.Duration, try func() (bool, error), holder func() string) error {
	over := time.NewTimer(wait)
	defer over.Stop()
	retry, remind := time.NewTicker(lockRetry), time.NewTicker(lockRemind)
	defer retry.Stop()
	defer remind.Stop()
	holds := ""
	for {
		taken, err := try()
		if err != nil || taken {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %s: %w", errLocked, holds, ctx.Err())
		case <-over.C:
			return fmt.Errorf("%w: %s (waited %v)", errLocked, holder(), wait)
		case <-remind.C:
			holds = holder()
			slog.WarnContext(ctx, "waiting for somebody else who migrates the database", "holder", holds, "at_most", wait)
		case <-retry.C:
		}
	}
}
