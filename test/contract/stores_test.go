package contract_test

import (
	"path/filepath"
	"testing"

	"meet/adapters/memstore"
	"meet/adapters/sqlstore"
	"meet/test/contract"
	"meet/test/postgres"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	contract.Run(t, func(*testing.T) contract.Store {
		store := memstore.New()
		marks := memstore.Marks{Store: store}
		return contract.Store{
			Users: memstore.Users{Store: store}, Rooms: memstore.Rooms{Store: store}, Accesses: memstore.Accesses{Store: store},
			Pins: memstore.Rooms{Store: store}, Roles: memstore.Accesses{Store: store},
			Sessions: memstore.Sessions{Store: store}, Arrivals: memstore.Arrivals{Store: store},
			Once: marks, Callbacks: marks, Sweeper: store, Atomically: store.Atomically,
			Bans: memstore.Bans{Store: store}, Inbox: memstore.Inbox{Store: store}, Outbox: memstore.Outbox{Store: store},
			Attendance: memstore.Attendance{Store: store}, Leases: memstore.Leases{Store: store}, Accounts: memstore.Users{Store: store},
			Revocations: memstore.Revocations{Store: store},
			Deeds:       memstore.Deeds{Store: store},
		}
	})
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	contract.Run(t, func(t *testing.T) contract.Store {
		return open(t, sqlstore.Config{SQLitePath: filepath.Join(t.TempDir(), "meet.db")})
	})
}

func TestSQLiteInMemory(t *testing.T) {
	t.Parallel()
	contract.Run(t, func(t *testing.T) contract.Store { return open(t, sqlstore.Config{SQLitePath: ":memory:"}) })
}

func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	contract.Run(t, func(t *testing.T) contract.Store { return open(t, sqlstore.Config{PostgresURL: postgres.URL(t)}) })
}

// A transaction must not wait for a second connection.
func TestPostgreSQLWithOneConnection(t *testing.T) {
	t.Parallel()
	contract.Run(t, func(t *testing.T) contract.Store {
		return open(t, sqlstore.Config{PostgresURL: postgres.URL(t), MaxOpen: 1})
	})
}

func open(t *testing.T, config sqlstore.Config) contract.Store {
	t.Helper()
	store, _ := openDB(t, config)
	return store
}

func openDB(t *testing.T, config sqlstore.Config) (contract.Store, *sqlstore.DB) {
	t.Helper()
	db, err := sqlstore.Open(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	migrator := sqlstore.NewMigrator(db, config)
	if _, err := migrator.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	marks := sqlstore.NewMarks(db)
	return contract.Store{
		Users: sqlstore.NewUsers(db), Rooms: sqlstore.NewRooms(db), Accesses: sqlstore.NewAccesses(db),
		Pins: sqlstore.NewRooms(db), Roles: sqlstore.NewAccesses(db),
		Sessions: sqlstore.NewSessions(db), Arrivals: sqlstore.NewArrivals(db),
		Once: marks, Callbacks: marks, Sweeper: marks, Atomically: db.Atomically,
		Bans: sqlstore.NewBans(db), Inbox: sqlstore.NewInbox(db), Outbox: sqlstore.NewOutbox(db),
		Attendance: sqlstore.NewAttendance(db), Leases: sqlstore.NewLeases(db), Accounts: sqlstore.NewUsers(db),
		Revocations: sqlstore.NewRevocations(db),
		Deeds:       sqlstore.NewDeeds(db),
	}, db
}
