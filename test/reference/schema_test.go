package reference

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meet/migrations/reference"
)

func TestEveryVersionOfTheReferenceEndsWithTheSameSchema(t *testing.T) {
	t.Parallel()
	fresh := written(t)
	created := fresh.up(t)
	if created.Found != "an empty database" {
		t.Errorf("found %s", created.Found)
	}
	want := fresh.schema(t)
	if len(want) < 200 {
		t.Fatalf("the schema has %d lines", len(want))
	}
	for core := 2; core <= reference.Newest; core++ {
		t.Run(fmt.Sprintf("core %04d", core), func(t *testing.T) {
			t.Parallel()
			db := at(t, core)
			report := db.up(t)
			if diff := cmp.Diff(want, db.schema(t)); diff != "" {
				t.Error(diff)
			}
			if !strings.Contains(report.Found, fmt.Sprintf("(core %04d)", core)) || len(report.Steps) != reference.Newest-core+len(created.Steps) {
				t.Errorf("found %s, %d steps", report.Found, len(report.Steps))
			}
			if again := db.up(t); !strings.HasPrefix(again.Found, "this server's database, version ") || len(again.Steps) > 0 {
				t.Errorf("a second run found %s, steps %v", again.Found, again.Steps)
			}
		})
	}
}

func TestADatabaseAtTheNewestVersionIsAdoptedAsItIs(t *testing.T) {
	t.Parallel()
	db := at(t, reference.Newest)
	schema, rows := db.schema(t), db.rows(t)
	db.up(t)
	if diff := cmp.Diff(rows, db.rows(t)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(schema, db.schemaOfTheirs(t)); diff != "" {
		t.Error(diff)
	}
}

// schemaOfTheirs is the schema without what this server adds.
func (d database) schemaOfTheirs(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(d.schema(t), func(line string) bool { return strings.Contains(line, "meet_server_") })
}

func TestWhatIsWrittenDownMeetsTheStepsInTheMiddle(t *testing.T) {
	t.Parallel()
	for from, to := range map[int]int{2: 10, 10: 14, 14: 18, 18: 21} {
		db := written(t, fmt.Sprintf("%04d.sql", from))
		tx := db.MustBegin()
		if _, err := reference.Forward(t.Context(), tx.Tx, from, to); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(at(t, to).schema(t), db.schema(t)); diff != "" {
			t.Errorf("from %d to %d: %s", from, to, diff)
		}
	}
}

// A first `manage.py migrate` that lacked the right to create the extension.
func TestAFirstVersionWithoutTheExtensionGetsIt(t *testing.T) {
	t.Parallel()
	db := written(t, "0002.sql")
	db.MustExec(`DROP EXTENSION pg_trgm; DELETE FROM django_migrations WHERE app = 'core' AND name LIKE '0002%'`)
	if report := db.up(t); report.Found != "La Suite Meet on the way to 0.1.0 (core 0001)" {
		t.Errorf("found %s", report.Found)
	}
	if diff := cmp.Diff(at(t, reference.Newest).schemaOfTheirs(t), db.schemaOfTheirs(t)); diff != "" {
		t.Error(diff)
	}
}
