package reference

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"meet/adapters/sqlstore"
)

func TestADryRunChangesNothingAndTellsWhatTheRunDoes(t *testing.T) {
	t.Parallel()
	db := written(t, "0002.sql", "rows_0002.sql")
	schema, rows := db.schema(t), db.rows(t)
	_, migrator := db.open(t)
	plan, err := migrator.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := migrator.Status(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(schema, db.schema(t)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(rows, db.rows(t)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(plan, db.up(t), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

func TestTenProcessesTakeOverADatabaseOnce(t *testing.T) {
	t.Parallel()
	db := written(t, "0002.sql", "rows_0002.sql")
	reports := make([]sqlstore.Report, 10)
	var all sync.WaitGroup
	for i := range reports {
		_, migrator := db.open(t)
		all.Go(func() {
			var err error
			if reports[i], err = migrator.Up(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	times := map[string]int{}
	for _, report := range reports {
		for _, step := range report.Steps {
			times[step.Name]++
		}
	}
	for name, n := range times {
		if n > 1 {
			t.Errorf("%s was applied %d times", name, n)
		}
	}
	if len(times) < 20+3 {
		t.Errorf("applied were %v", times)
	}
	if twice := db.texts(t, `SELECT name FROM django_migrations GROUP BY app, name HAVING COUNT(*) > 1`); len(twice) > 0 {
		t.Errorf("Django was told twice of %v", twice)
	}
}

// One connection is all that a migration may need besides its lock.
func TestOneConnectionIsEnough(t *testing.T) {
	t.Parallel()
	db := written(t, "0010.sql")
	db.config.MaxOpen = 1
	db.up(t)
}
