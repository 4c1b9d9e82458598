package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/gofrs/flock"
)

const lockRetry = 20 * time.Millisecond

// lockKey is any number nobody else uses for advisory locks in the database.
const lockKey = 0x6d656574 // "meet"

// lockPostgres takes the lock on a connection of its own: the pool may have
// but one.
func lockPostgres(ctx context.Context, address string) (func(), error) {
	conn, err := sql.Open("postgres", address)
	if err != nil {
		return nil, withoutSecrets(err)
	}
	conn.SetMaxOpenConns(1)
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, lockKey); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() { _ = conn.Close() }, nil // the server ends the lock with the connection
}

func lockFile(ctx context.Context, path string) (func(), error) {
	if path == ":memory:" {
		return func() {}, nil
	}
	file := flock.New(path + ".lock")
	if _, err := file.TryLockContext(ctx, lockRetry); err != nil {
		return nil, err
	}
	return func() { _ = file.Unlock() }, nil
}
