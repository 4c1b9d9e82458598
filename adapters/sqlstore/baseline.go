package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"meet/migrations"
)

const lockRetry = 20 * time.Millisecond

// postgresBaseline creates the reference's schema, or adopts the one that the
// reference itself left at the version we know.
func postgresBaseline(ctx context.Context, tx *sql.Tx) error {
	var exists bool
	if err := tx.QueryRowContext(ctx, `SELECT to_regclass('meet_user') IS NOT NULL`).Scan(&exists); err != nil {
		return fmt.Errorf("look for existing tables: %w", err)
	}
	if !exists {
		_, err := tx.ExecContext(ctx, migrations.PostgresBaseline)
		return err
	}
	var newest string
	if err := tx.QueryRowContext(ctx,
		`SELECT COALESCE(MAX(name), '') FROM django_migrations WHERE app = 'core'`).Scan(&newest); err != nil {
		return fmt.Errorf("there are tables of La Suite Meet, but no readable django_migrations: %w", err)
	}
	if newest != migrations.ReferenceVersion {
		return fmt.Errorf("the database is La Suite Meet's at core %q; bring it to %q first (release 1.25.0 or newer, `manage.py migrate`)",
			newest, migrations.ReferenceVersion)
	}
	return nil
}

func sqliteBaseline(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, migrations.SQLiteBaseline)
	return err
}
