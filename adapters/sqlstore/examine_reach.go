package sqlstore

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"meet/domain"
)

// pooler tells whether two connections of ours end in one of the server's.
func (x *examination) pooler(ctx context.Context) domain.Finding {
	const check = "database.pooler"
	config := x.config
	config.MaxOpen = 2
	db, err := Open(config)
	if err != nil {
		return failed(check, err)
	}
	defer func() { _ = db.Close() }()
	var processes [2]int
	for i := range processes {
		conn, err := db.pool.Conn(ctx)
		if err != nil {
			return failed(check, err)
		}
		defer func() { _ = conn.Close() }() // only after the other has asked
		if err := conn.QueryRowContext(ctx, `SELECT pg_backend_pid()`).Scan(&processes[i]); err != nil {
			return failed(check, err)
		}
	}
	finding := domain.Finding{Check: check, Status: domain.Healthy, Seen: "each connection has a process of the server to itself"}
	if processes[0] == processes[1] {
		finding.Seen = "a pooler hands each transaction to any of its connections, which is fine"
	}
	return finding
}

// writable tells whether we have reached a server that takes changes.
func (x *examination) writable(ctx context.Context) domain.Finding {
	const check = "database.writable"
	var is struct{ Standby, Closed bool }
	err := x.db.get(ctx, nil, &is, `SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only') = 'on' AS closed`)
	switch {
	case err != nil:
		return failed(check, err)
	case is.Standby:
		return domain.Finding{Check: check, Status: domain.Broken, Seen: "we have reached a standby, which takes no changes",
			Mend: "name all hosts in DATABASE_URL (or DB_HOST), the primary too, with target_session_attrs=read-write"}
	case is.Closed:
		return domain.Finding{Check: check, Status: domain.Broken, Seen: "our transactions are read-only",
			Mend: "set default_transaction_read_only = off for the user or database of DATABASE_URL (or DB_USER, DB_NAME)"}
	}
	return domain.Finding{Check: check, Status: domain.Healthy, Seen: "the server takes changes"}
}

// lock tells who holds the lock of migrations.
func (x *examination) lock(ctx context.Context) domain.Finding {
	finding := domain.Finding{Check: "database.lock", Status: domain.Healthy, Seen: "nobody migrates at the moment"}
	if who := holders(ctx, x.db.SQL()); who != "" {
		finding.Status, finding.Seen = domain.Doubtful, "a start would wait (MIGRATE_LOCK_TIMEOUT) for "+who
		finding.Mend = "wait until it has migrated; if it hangs, end it with SELECT pg_terminate_backend(…) and the number of its process"
	}
	return finding
}

// files tells whether others may read an SQLite database, or replace it.
func (x *examination) files() domain.Finding {
	finding := domain.Finding{Check: "database.files", Status: domain.Healthy, Seen: "nobody else may read the database"}
	if x.config.SQLitePath == memory {
		return finding
	}
	var open []string
	for _, name := range beside(x.config.SQLitePath) {
		if info, err := os.Stat(name); err == nil && info.Mode().Perm()&others != 0 {
			open = append(open, name)
		}
	}
	folder := filepath.Dir(x.config.SQLitePath)
	if info, err := os.Stat(folder); err == nil && info.Mode().Perm()&writableByOthers != 0 {
		open = append(open, folder)
	}
	if len(open) > 0 {
		finding.Status, finding.Seen = domain.Doubtful, "others may read or replace "+strings.Join(open, ", ")
		finding.Mend = "the next start takes the files' permissions away from others; for the folder of DATABASE_URL (or DJANGO_DATA_DIR) run chmod go-w"
	}
	return finding
}

const writableByOthers = 0o022
