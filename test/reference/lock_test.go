package reference

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestWhoWaitsForTheLockOfMigrationsSaysForWhom holds it as a server of old
// did, or as a pooler's connection still does.
func TestWhoWaitsForTheLockOfMigrationsSaysForWhom(t *testing.T) {
	t.Parallel()
	db := written(t)
	db.SetMaxOpenConns(1)
	db.MustExec(`SET application_name = 'somebody'`)
	db.MustExec(`SELECT pg_advisory_lock(1835361652)`)
	var pid int
	if err := db.Get(&pid, `SELECT pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	db.config.LockWait = 300 * time.Millisecond
	_, migrator := db.open(t)
	_, err := migrator.Up(t.Context())
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("process %d of user postgres, application somebody", pid)) || !strings.Contains(err.Error(), ", since 2") {
		t.Fatalf("got %v", err)
	}
	db.MustExec(`SELECT pg_advisory_unlock(1835361652)`)
	db.up(t)
	var held int
	if err := db.Get(&held, `SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`); err != nil || held != 0 {
		t.Errorf("%d locks outlast the migration, %v", held, err)
	}
}

// TestAStepWaitsForATableOnlyForAWhile lets somebody forget a transaction.
func TestAStepWaitsForATableOnlyForAWhile(t *testing.T) {
	t.Parallel()
	db := at(t, 18)
	busy := db.MustBegin()
	defer func() { _ = busy.Rollback() }()
	busy.MustExec(`SELECT COUNT(*) FROM meet_user`)
	db.config.LockWait = 300 * time.Millisecond
	_, migrator := db.open(t)
	if _, err := migrator.Up(t.Context()); err == nil || !strings.Contains(err.Error(), "lock timeout") {
		t.Fatalf("got %v", err)
	}
}
