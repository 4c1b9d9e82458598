package doctor

import (
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"meet/domain"
	"meet/test/postgres"
)

// databaseReach is what lies between us and the database, and who is there.
func databaseReach() []setUp {
	through := func(edit func(*url.URL)) func(*testing.T, *world, map[string]string) {
		return func(t *testing.T, w *world, env map[string]string) {
			env["DATABASE_URL"] = changed(t, w.env["DATABASE_URL"], edit)
		}
	}
	return []setUp{
		{name: "a pooler, which is fine", check: "database.pooler", status: domain.Healthy,
			make: func(t *testing.T, w *world, env map[string]string) {
				env["DATABASE_URL"] = postgres.NewPooler(t, w.env["DATABASE_URL"], "default_pool_size = 2").URL
			}},
		{name: "a pooler that refuses an option", check: "database.connection", status: domain.Broken, mend: []string{"ALTER ROLE", "ignore_startup_parameters"},
			make: func(t *testing.T, w *world, env map[string]string) {
				pooler := postgres.NewPooler(t, w.env["DATABASE_URL"]).URL
				env["DATABASE_URL"] = changed(t, pooler, func(u *url.URL) { u.RawQuery += "&currentSchema=public" })
			}},
		{name: "transactions that may not write", check: "database.writable", status: domain.Broken, mend: []string{"default_transaction_read_only"},
			make: func(t *testing.T, _ *world, env map[string]string) {
				address := migrated(t)
				parsed, err := url.Parse(address)
				if err != nil {
					t.Fatal(err)
				}
				statement(t, address, `ALTER DATABASE `+parsed.Path[1:]+` SET default_transaction_read_only = on`)
				env["DATABASE_URL"] = address
			}},
		{name: "somebody who migrates for ever", check: "database.lock", status: domain.Doubtful, mend: []string{"pg_terminate_backend"},
			make: func(t *testing.T, _ *world, env map[string]string) {
				env["DATABASE_URL"] = migrated(t)
				db, err := sql.Open("postgres", env["DATABASE_URL"])
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = db.Close() })
				if _, err := db.ExecContext(t.Context(), `SELECT pg_advisory_lock(1835361652)`); err != nil {
					t.Fatal(err)
				}
			}},
		{name: "an option that nobody keeps", check: "configuration", status: domain.Doubtful, mend: []string{"DATABASE_URL"},
			make: through(func(u *url.URL) { u.RawQuery += "&channel_binding=require" })},
		{name: "an option that nobody knows", check: "configuration", status: domain.Broken, mend: []string{"DATABASE_URL"},
			make: through(func(u *url.URL) { u.RawQuery += "&sslcrl=x" })},
		{name: "a password that is not encoded", env: vars{"DATABASE_URL": "postgres://u:hidden-#p@h/n"}, check: "configuration", status: domain.Broken, mend: []string{"DATABASE_URL"}},
		{name: "a password with a slash", env: vars{"DATABASE_URL": "postgres://u:hidden-/hidden-p@h/n"}, check: "configuration", status: domain.Broken, mend: []string{"DATABASE_URL"}},
		{name: "files that others may read", check: "database.files", status: domain.Doubtful, mend: []string{"permissions", "DJANGO_DATA_DIR"},
			make: func(t *testing.T, _ *world, env map[string]string) {
				path := filepath.Join(t.TempDir(), "meet.db")
				if err := os.WriteFile(path, nil, 0o644); err != nil {
					t.Fatal(err)
				}
				env["DATABASE_URL"] = "sqlite://" + path
			}},
	}
}
