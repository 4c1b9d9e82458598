package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"meet/migrations"
)

// Migration is one step of the schema.
type Migration struct {
	Version int64
	Name    string
	Applied bool
}

// Migrator brings a database to the schema this program needs.
type Migrator struct {
	provider *goose.Provider
	lock     func(ctx context.Context) (unlock func(), err error)
}

const versionTable = "meet_server_migration"

// NewMigrator prepares the migrations of the database that cfg names.
func NewMigrator(db *DB, cfg Config) (*Migrator, error) {
	dialect, files, folder, baseline := database.DialectPostgres, migrations.Postgres, "postgres", postgresBaseline
	lock := func(ctx context.Context) (func(), error) { return lockPostgres(ctx, cfg.PostgresURL) }
	if cfg.SQLitePath != "" {
		dialect, files, folder, baseline = database.DialectSQLite3, migrations.SQLite, "sqlite", sqliteBaseline
		lock = func(ctx context.Context) (func(), error) { return lockFile(ctx, cfg.SQLitePath) }
	}
	numbered, err := fs.Sub(files, folder)
	if err != nil {
		return nil, fmt.Errorf("embedded migrations: %w", err)
	}
	store, err := database.NewStore(dialect, versionTable)
	if err != nil {
		return nil, fmt.Errorf("migration table: %w", err)
	}
	provider, err := goose.NewProvider("", db.SQL(), numbered, goose.WithStore(store),
		goose.WithGoMigrations(goose.NewGoMigration(1, &goose.GoFunc{RunTx: baseline}, nil)))
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return &Migrator{provider: provider, lock: lock}, nil
}

// Up applies what is missing and names it. However many processes call it at
// once, each step is applied once.
func (m *Migrator) Up(ctx context.Context) ([]Migration, error) {
	unlock, err := m.lock(ctx)
	if err != nil {
		return nil, reachable(fmt.Errorf("lock for migrations: %w", err))
	}
	defer unlock()
	results, err := m.provider.Up(ctx)
	if err != nil {
		return nil, reachable(fmt.Errorf("migrate: %w", err))
	}
	var applied []Migration
	for _, result := range results {
		applied = append(applied, migrationOf(result.Source, true))
	}
	return applied, nil
}

// Status lists all steps in order.
func (m *Migrator) Status(ctx context.Context) ([]Migration, error) {
	statuses, err := m.provider.Status(ctx)
	if err != nil {
		return nil, reachable(fmt.Errorf("migration status: %w", err))
	}
	var steps []Migration
	for _, status := range statuses {
		steps = append(steps, migrationOf(status.Source, status.State == goose.StateApplied))
	}
	return steps, nil
}

func migrationOf(source *goose.Source, applied bool) Migration {
	name := source.Path
	if source.Version == 1 {
		name = "00001_baseline"
	}
	return Migration{Version: source.Version, Name: name, Applied: applied}
}

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
