package reference

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meet/migrations/reference"
)

func TestEveryVersionOfTheReferenceEndsWithTheSameSchema(t *testing.T) {
	t.Parallel()
	fresh := written(t)
	if report := fresh.up(t); report.Found != "an empty database" {
		t.Errorf("found %s", report.Found)
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
			if !strings.Contains(report.Found, fmt.Sprintf("(core %04d)", core)) || len(report.Steps) != reference.Newest-core+3 {
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
	var kept []string
	for _, line := range db.schema(t) {
		if !strings.Contains(line, "meet_server_") {
			kept = append(kept, line)
		}
	}
	if diff := cmp.Diff(schema, kept); diff != "" {
		t.Error(diff)
	}
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
