package bootstrap

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.uber.org/fx"

	"meet/adapters/sqlstore"
	"meet/domain"
	"meet/ports"
)

// sqlStorage keeps everything in PostgreSQL or SQLite.
func sqlStorage(config Config) fx.Option {
	database := config.Database
	database.Traced, database.Patience = config.Watch.Traces.On(), databasePatience
	return fx.Module("storage",
		fx.Supply(database),
		fx.Provide(
			fx.Annotate(openDatabase, fx.As(fx.Self()), fx.As(new(ports.Backlog))),
			fx.Annotate(sqlstore.NewDeeds, fx.As(new(ports.Deeds))),
			func(db *sqlstore.DB) ports.Atomically { return db.Atomically },
			fx.Annotate(sqlstore.NewUsers, fx.As(new(ports.Users)), fx.As(new(ports.Accounts))),
			fx.Annotate(sqlstore.NewRevocations, fx.As(new(ports.Revocations))),
			fx.Annotate(sqlstore.NewRooms, fx.As(new(ports.Rooms)), fx.As(new(ports.Pins))),
			fx.Annotate(sqlstore.NewAccesses, fx.As(new(ports.Accesses)), fx.As(new(ports.Roles))),
			fx.Annotate(sqlstore.NewSessions, fx.As(new(ports.Sessions))),
			fx.Annotate(sqlstore.NewArrivals, fx.As(new(ports.Arrivals))),
			fx.Annotate(sqlstore.NewBans, fx.As(new(ports.Bans))),
			fx.Annotate(sqlstore.NewInbox, fx.As(new(ports.Inbox))),
			fx.Annotate(sqlstore.NewOutbox, fx.As(new(ports.Outbox))),
			fx.Annotate(sqlstore.NewAttendance, fx.As(new(ports.Attendance))),
			fx.Annotate(sqlstore.NewRecordings, fx.As(new(ports.Recordings))),
			fx.Annotate(sqlstore.NewLeases, fx.As(new(ports.Leases))),
			fx.Annotate(sqlstore.NewMarks, fx.As(new(ports.Once)), fx.As(new(ports.CreationCallbacks)), fx.As(new(ports.Sweeper))),
		),
		fx.Invoke(openStorage, sweep))
}

// databasePatience is shorter than requests may last.
const databasePatience = 12 * time.Second

// openStorage brings the schema up to date at start and closes at stop.
func openStorage(lifecycle fx.Lifecycle, config Config, db *sqlstore.DB) {
	lifecycle.Append(fx.Hook{
		OnStart: func(ctx context.Context) error {
			return reached(config.Database, migrateAtStart(ctx, config, db))
		},
		OnStop: func(context.Context) error { return db.Close() },
	})
}

// migrateAtStart brings the schema up to date, or says what is missing. On
// PostgreSQL it has connections of its own, which wait for as long as a step
// takes.
func migrateAtStart(ctx context.Context, config Config, db *sqlstore.DB) error {
	if config.Database.PostgresURL != "" && config.MigrateOnStart {
		patient, err := openDatabase(config.Database)
		if err != nil {
			return err
		}
		defer func() { _ = patient.Close() }()
		db = patient
	}
	migrator := sqlstore.NewMigrator(db, config.Database)
	if !config.MigrateOnStart {
		return complete(ctx, migrator)
	}
	report, err := migrator.Up(ctx)
	if err != nil {
		return err
	}
	for _, step := range report.Steps {
		slog.InfoContext(ctx, "migrated the database", "found", report.Found, "step", step.Name, "effects", step.Effects)
	}
	return nil
}

// lookTime is for how long a start waits to see the schema.
const lookTime = 10 * time.Second

// complete fails when the schema lacks a step that this program needs. Steps
// that a newer program or a newer release of the reference has added are fine,
// and a database that is away now may be back soon.
func complete(ctx context.Context, migrator *sqlstore.Migrator) error {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	report, err := migrator.Status(ctx)
	if domain.KindOf(err) == domain.Unavailable || ctx.Err() != nil {
		slog.WarnContext(ctx, "the database could not be looked at", "error", err)
		return nil
	}
	if err != nil {
		return err
	}
	for _, step := range report.Steps {
		if !step.Applied {
			return fmt.Errorf("the database lacks %s, and MIGRATE_ON_START is false: run `meet migrate up`", step.Name)
		}
	}
	return nil
}

const sweepEvery = 10 * time.Minute

// sweep forgets what has expired, now and then.
func sweep(lifecycle fx.Lifecycle, sweeper ports.Sweeper, world ports.Surroundings) {
	background(lifecycle, func(ctx context.Context) {
		ticker := time.NewTicker(sweepEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if err := sweeper.Sweep(ctx, world.Now()); err != nil && ctx.Err() == nil {
					slog.WarnContext(ctx, "expired rows could not be removed", "error", err)
				}
			}
		}
	})
}

// background runs work from start to stop.
func background(lifecycle fx.Lifecycle, work func(ctx context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	lifecycle.Append(fx.Hook{
		OnStart: func(context.Context) error {
			running.Go(func() { work(ctx) })
			return nil
		},
		OnStop: func(context.Context) error {
			cancel()
			running.Wait()
			return nil
		},
	})
}
