package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"meet/migrations"
)

// Migration is one step of the schema.
type Migration struct {
	Version int64 // 0 for a step of the reference
	Name    string
	Does    string   // of a step of the reference
	Effects []string // what it did to rows that were there
	Applied bool
}

// Report is what a database held and which steps were taken or are known.
type Report struct {
	Found string
	Steps []Migration
}

// Migrator brings a database to the schema this program needs.
type Migrator struct {
	db   *DB
	path string        // of an SQLite file
	wait time.Duration // for somebody else who migrates
}

const versionTable = "meet_server_migration"

// NewMigrator prepares the migrations of the database that cfg names.
func NewMigrator(db *DB, cfg Config) *Migrator {
	return &Migrator{db: db, path: cfg.SQLitePath, wait: cmp.Or(cfg.LockWait, lockWait)}
}

// Up applies what is missing, all of it or nothing, and reports it. However
// many processes call it at once, each step is applied once; one that waits
// for another says for whom, and gives up in the end. On an error the report
// says how far it came before everything was undone.
func (m *Migrator) Up(ctx context.Context) (Report, error) { return m.run(ctx, true) }

// Plan does what Up does and undoes it again, so that the report is exact.
func (m *Migrator) Plan(ctx context.Context) (Report, error) { return m.run(ctx, false) }

// Status lists this program's own steps in order and changes nothing. On
// PostgreSQL it waits for nobody who migrates.
func (m *Migrator) Status(ctx context.Context) (Report, error) {
	return m.look(ctx, false, func(ctx context.Context, pool *sql.DB, report *Report) error {
		provider, err := m.provider(ctx, pool, report)
		if err != nil {
			return err
		}
		if !strings.HasPrefix(report.Found, oursFound) { // goose would make its table, and wait for another process that does the same
			for _, source := range provider.ListSources() {
				report.Steps = append(report.Steps, migrationOf(source, false))
			}
			return nil
		}
		statuses, err := provider.Status(ctx)
		for _, status := range statuses {
			report.Steps = append(report.Steps, migrationOf(status.Source, status.State == goose.StateApplied))
		}
		if err != nil || len(m.db.functions) == 0 {
			return err
		}
		missing, err := m.missing(ctx, pool)
		report.Steps = append(report.Steps, functionsStep(len(missing) == 0))
		return err
	})
}

// Found tells in words what the database holds. It fails for what may not be
// touched.
func (m *Migrator) Found(ctx context.Context) (string, error) {
	_, words, err := m.find(ctx, m.db.SQL())
	return words, reachable(err)
}

func (m *Migrator) apply(ctx context.Context, pool *sql.DB, report *Report) error {
	provider, err := m.provider(ctx, pool, report)
	if err != nil {
		return err
	}
	results, err := provider.Up(ctx)
	if partial, failed := errors.AsType[*goose.PartialError](err); failed {
		for _, result := range partial.Applied {
			report.Steps = append(report.Steps, migrationOf(result.Source, true))
		}
		return fmt.Errorf("%s: %w", migrationOf(partial.Failed.Source, false).Name, partial.Err)
	}
	for _, result := range results {
		report.Steps = append(report.Steps, migrationOf(result.Source, true))
	}
	if err != nil {
		return err
	}
	return m.makeFunctions(ctx, pool, report)
}

func (m *Migrator) run(ctx context.Context, keep bool) (Report, error) {
	if m.path != "" {
		unlock, err := lockFile(ctx, m.path, m.wait)
		if err != nil {
			return Report{}, fmt.Errorf("lock for migrations: %w", err)
		}
		defer unlock()
	}
	if m.db.driver == sqlite3.driver {
		return m.look(ctx, keep, m.apply)
	}
	var report Report
	err := patiently(ctx, m.db.SQL(), m.wait, func(watch *watchman) (err error) {
		report, err = m.look(ctx, keep, func(ctx context.Context, pool *sql.DB, report *Report) error {
			if err := errors.Join(watch.watch(ctx, pool), lockPostgres(ctx, pool, m.wait)); err != nil {
				return err
			}
			return m.apply(ctx, pool, report)
		})
		return err
	})
	return report, err
}

// look runs work in one transaction, which is kept or undone.
func (m *Migrator) look(ctx context.Context, keep bool, work func(context.Context, *sql.DB, *Report) error) (Report, error) {
	var report Report
	err := inOneTransaction(ctx, m.db.SQL(), func(pool *sql.DB) error { return work(ctx, pool, &report) }, keep)
	if err != nil {
		return report, reachable(fmt.Errorf("migrate: %w", err))
	}
	return report, nil
}

// provider is goose on the pool, once the database is known to be one that
// may be touched.
func (m *Migrator) provider(ctx context.Context, pool *sql.DB, report *Report) (*goose.Provider, error) {
	found, words, err := m.find(ctx, pool)
	if err != nil {
		return nil, err
	}
	report.Found = words
	dialect, files, folder, baseline := database.DialectPostgres, migrations.Postgres, "postgres", postgresBaseline(found, report)
	if m.db.driver == sqlite3.driver {
		dialect, files, folder, baseline = database.DialectSQLite3, migrations.SQLite, "sqlite", sqliteBaseline
	}
	numbered, err := fs.Sub(files, folder)
	if err != nil {
		return nil, fmt.Errorf("embedded migrations: %w", err)
	}
	store, err := database.NewStore(dialect, versionTable)
	if err != nil {
		return nil, fmt.Errorf("migration table: %w", err)
	}
	return goose.NewProvider("", pool, numbered, goose.WithStore(store),
		goose.WithGoMigrations(goose.NewGoMigration(1, &goose.GoFunc{RunTx: baseline}, nil)))
}

func migrationOf(source *goose.Source, applied bool) Migration {
	name := source.Path
	if source.Version == 1 {
		name = "00001_baseline"
	}
	return Migration{Version: source.Version, Name: name, Applied: applied}
}
