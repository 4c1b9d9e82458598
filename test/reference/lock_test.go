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

// TestAStepWaitsForATableOnlyForAWhile lets somebody forget a transaction. Who
// reads the table meanwhile is held up only for moments.
func TestAStepWaitsForATableOnlyForAWhile(t *testing.T) {
	t.Parallel()
	db := at(t, 18)
	busy := db.MustBegin()
	defer func() { _ = busy.Rollback() }()
	busy.MustExec(`SELECT COUNT(*) FROM meet_user`)
	var pid int
	if err := busy.Get(&pid, `SELECT pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	db.config.LockWait = 5 * time.Second
	_, migrator := db.open(t)
	read := make(chan time.Duration, 1)
	go func() { // once the step waits
		waits := false
		for !waits && t.Context().Err() == nil {
			_ = db.Get(&waits, `SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'meet_user'::regclass)`)
		}
		begun := time.Now()
		_ = db.MustExec(`SELECT COUNT(*) FROM meet_user`)
		read <- time.Since(begun)
	}()
	_, err := migrator.Up(t.Context())
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("locked by process %d of user postgres", pid)) {
		t.Fatalf("got %v", err)
	}
	if took := <-read; took > 4*time.Second {
		t.Errorf("a reader waited for %v", took)
	}
	if err := busy.Rollback(); err != nil {
		t.Fatal(err)
	}
	db.up(t)
}
