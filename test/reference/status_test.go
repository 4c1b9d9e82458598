package reference

import (
	"context"
	"testing"
	"time"
)

// TestTheStatusWaitsForNobodyWhoMigrates looks while another process has
// begun and not ended.
func TestTheStatusWaitsForNobodyWhoMigrates(t *testing.T) {
	t.Parallel()
	db := at(t, 22)
	busy := db.MustBegin()
	defer func() { _ = busy.Rollback() }()
	busy.MustExec(`SELECT pg_advisory_xact_lock(1835361652)`)
	busy.MustExec(`CREATE TABLE meet_server_migration (id int PRIMARY KEY)`)
	_, migrator := db.open(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	report, err := migrator.Status(ctx)
	if err != nil || len(report.Steps) < 4 {
		t.Fatalf("%+v, %v", report, err)
	}
	for _, step := range report.Steps {
		if step.Applied {
			t.Errorf("%s is applied", step.Name)
		}
	}
}
