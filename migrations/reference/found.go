package reference

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/lib/pq"
)

// Found is what a database holds: nothing, or the reference's tables.
type Found struct {
	Core int // number of the newest `core` migration; 0 is an empty database
}

var errRefused = errors.New("nothing was changed")

// Recognise tells what the database is at by its django_migrations, and
// refuses what it does not know for certain. In one that was adopted before,
// later migrations of the reference are nothing to refuse.
func Recognise(ctx context.Context, tx *sql.Tx, adopted bool) (Found, error) {
	var users, history bool
	if err := tx.QueryRowContext(ctx,
		`SELECT to_regclass('meet_user') IS NOT NULL, to_regclass('django_migrations') IS NOT NULL`).Scan(&users, &history); err != nil {
		return Found{}, fmt.Errorf("look for existing tables: %w", err)
	}
	if !users && !history {
		return Found{}, nil
	}
	if !history {
		return Found{}, refused("there are tables of La Suite Meet, but no django_migrations")
	}
	applied, err := names(ctx, tx)
	if err != nil {
		return Found{}, fmt.Errorf("there are tables of La Suite Meet, but no readable django_migrations: %w", err)
	}
	if adopted {
		applied["core"] = upToNewest(applied["core"])
	}
	core, err := number(applied["core"])
	if err != nil {
		return Found{}, err
	}
	if !users {
		return Found{}, refused("django_migrations tells of La Suite Meet, but there is no table meet_user")
	}
	for app, wanted := range others() {
		for _, name := range wanted {
			if !slices.Contains(applied[app], name) {
				return Found{}, refused("%s %s is missing in django_migrations: a run of Django's migrate was not finished", app, name)
			}
		}
	}
	return Found{Core: core}, nil
}

func refused(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, errRefused)...)
}

// names lists the applied migrations of each app.
func names(ctx context.Context, tx *sql.Tx) (map[string][]string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT app, array_agg(DISTINCT name ORDER BY name) FROM django_migrations GROUP BY app`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	applied := map[string][]string{}
	for rows.Next() {
		var app string
		var list pq.StringArray
		if err := rows.Scan(&app, &list); err != nil {
			return nil, err
		}
		applied[app] = list
	}
	return applied, rows.Err()
}

// upToNewest leaves out what came after the newest migration we know.
func upToNewest(applied []string) []string {
	return slices.DeleteFunc(applied, func(name string) bool {
		known := slices.ContainsFunc(Steps(), func(step Step) bool { return step.Name == name })
		return !known && name > fmt.Sprintf("%04d_~", Newest)
	})
}

// number is how many steps the names are, without a gap or a stranger.
func number(applied []string) (int, error) {
	if len(applied) == 0 {
		return 0, refused("django_migrations knows no migration of `core`: the database belongs to another application, " +
			"or the first run of Django's migrate was not finished")
	}
	steps := Steps()
	for _, name := range applied {
		if !slices.ContainsFunc(steps, func(step Step) bool { return step.Name == name }) {
			return 0, refused("core %q is unknown: the database is of a release of La Suite Meet that is newer than 1.27.0, "+
				"or of a development build", name)
		}
	}
	for _, step := range steps[:len(applied)] {
		if !slices.Contains(applied, step.Name) {
			return 0, refused("core %s is missing though later migrations were applied: the database is of a development build, "+
				"or was repaired by hand", step.Name)
		}
	}
	return len(applied), nil
}

// String names the database in the words of an operator.
func (f Found) String() string {
	if f.Core == 0 {
		return "an empty database"
	}
	return fmt.Sprintf("La Suite Meet %s (core %04d)", release(f.Core), f.Core)
}
