package postgres

import (
	"database/sql"
	"os"
	"testing"
	"time"
)

// Standby is a copy of the cluster that follows it, and that the cluster waits
// for before it acknowledges a commit.
func (c *Cluster) Standby(t testing.TB) *Cluster {
	t.Helper()
	dir, err := os.MkdirTemp("", "meet-standby")
	if err != nil {
		t.Fatal(err)
	}
	standby := &Cluster{t: t, dir: dir, bin: c.bin, Address: free(t)}
	standby.own()
	if err := standby.run("pg_basebackup", "-D", standby.data(), "-R", "-c", "fast", "-d", c.URL); err != nil {
		t.Fatalf("copy the cluster: %v", err)
	}
	standby.configure()
	standby.Start()
	db, err := sql.Open("postgres", c.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, statement := range []string{`ALTER SYSTEM SET synchronous_standby_names = '*'`, `SELECT pg_reload_conf()`} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for range 2000 {
		var following bool
		err := db.QueryRowContext(t.Context(), `SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')`).Scan(&following)
		if err == nil && following {
			return standby
		}
		<-ticker.C
	}
	t.Fatal("the standby does not follow")
	return nil
}

// Promote makes a standby the primary.
func (c *Cluster) Promote() {
	c.t.Helper()
	if err := c.run("pg_ctl", "-D", c.data(), "-w", "promote"); err != nil {
		c.t.Fatal(err)
	}
}
