package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"meet/migrations"
	"meet/migrations/reference"
)

// postgresBaseline creates the reference's schema, or carries a database of
// the reference forward to it.
func postgresBaseline(found reference.Found, report *Report) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		if found.Core == 0 {
			_, err := tx.ExecContext(ctx, migrations.PostgresBaseline)
			return err
		}
		taken, err := reference.Forward(ctx, tx, found.Core, reference.Newest)
		for _, step := range taken {
			report.Steps = append(report.Steps, Migration{Name: "core " + step.Name, Does: step.Does, Effects: step.Effects, Applied: true})
		}
		return err
	}
}

func sqliteBaseline(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, migrations.SQLiteBaseline)
	return err
}

// oursFound begins what find says of databases that this program has had.
const oursFound = "this server's database, version "

// find tells what the database holds, in words too, without changing it.
func (m *Migrator) find(ctx context.Context, pool *sql.DB) (reference.Found, string, error) {
	var found reference.Found
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return found, "", err
	}
	defer func() { _ = tx.Rollback() }()
	ours, err := m.ourVersion(ctx, tx)
	if err != nil {
		return found, "", fmt.Errorf("look for our own tables: %w", err)
	}
	if m.db.driver == postgres.driver {
		if found, err = reference.Recognise(ctx, tx, ours > 0); err != nil {
			return found, "", err
		}
		if ours > 0 && found.Core != reference.Newest {
			return found, "", errors.New("the tables of this server are there, but django_migrations says that those of La Suite Meet " +
				"are " + found.String() + ": the database was restored in part")
		}
	}
	if ours > 0 {
		return found, fmt.Sprintf(oursFound+"%d", ours), nil
	}
	return found, found.String(), nil
}

// ourVersion is the newest numbered migration that was applied, 0 for none.
func (m *Migrator) ourVersion(ctx context.Context, tx *sql.Tx) (int64, error) {
	exists := `SELECT to_regclass('` + versionTable + `') IS NOT NULL`
	if m.db.driver == sqlite3.driver {
		exists = `SELECT COUNT(*) > 0 FROM sqlite_master WHERE name = '` + versionTable + `'`
	}
	var there bool
	if err := tx.QueryRowContext(ctx, exists).Scan(&there); err != nil || !there {
		return 0, err
	}
	var version int64
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM `+versionTable).Scan(&version)
	return version, err
}
