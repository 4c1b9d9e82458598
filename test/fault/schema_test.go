package fault

import (
	"regexp"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"meet/migrations"
	"meet/test/postgres"
	"meet/test/process"
)

// allowed are the changes that a server of the version before does not mind:
// tables of our own, and columns that it need not fill.
var allowed = regexp.MustCompile(`(?is)^(CREATE TABLE meet_server_\w+ |CREATE (UNIQUE )?INDEX \w+ ON meet_server_|CREATE INDEX \w+ ON \w+ |` +
	`CREATE FUNCTION meet_server_\w+|CREATE TRIGGER \w+ BEFORE (UPDATE|DELETE|TRUNCATE) ON meet_server_|` +
	`ALTER TABLE \w+ ADD COLUMN \w+ [^,;]*DEFAULT [^,;]+$|ALTER TABLE \w+ ADD COLUMN \w+ \w+( NULL)?$)`)

func TestWhatOthersMindIsRefused(t *testing.T) {
	for _, statement := range []string{
		"DROP TABLE meet_user", "ALTER TABLE meet_user ADD COLUMN foo text NOT NULL", "CREATE UNIQUE INDEX x ON meet_user (email)",
		"ALTER TABLE meet_user ADD COLUMN a text NULL, DROP COLUMN email", "CREATE TRIGGER meet_server_x BEFORE UPDATE ON meet_user FOR EACH ROW",
		"ALTER TABLE meet_user ADD COLUMN a text NULL, ALTER COLUMN sub SET DEFAULT 'x'", "CREATE TABLE other (id int)", "UPDATE meet_room SET name = ''",
	} {
		if allowed.MatchString(statement) {
			t.Errorf("allowed is %s", statement)
		}
	}
}

// TestMigrationsOnlyAdd lets the version before go on working on the newest
// schema, so that servers can be replaced one after the other.
func TestMigrationsOnlyAdd(t *testing.T) {
	files, err := migrations.Postgres.ReadDir("postgres")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := migrations.Postgres.ReadFile("postgres/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		for _, statement := range statements(up) {
			if !allowed.MatchString(statement) {
				t.Errorf("%s: servers of the version before may not survive %s", file.Name(), statement)
			}
		}
	}
}

var comment = regexp.MustCompile(`(?m)^\s*--.*$`)

// statements are those of a migration; what stands between the marks of goose
// is one.
func statements(text string) []string {
	var list []string
	for i, part := range strings.Split(text, "-- +goose StatementBegin") {
		block := ""
		if i > 0 {
			block, part, _ = strings.Cut(part, "-- +goose StatementEnd")
			list = append(list, strings.TrimSpace(block))
		}
		for _, statement := range strings.Split(comment.ReplaceAllString(part, ""), ";") {
			if statement = strings.TrimSpace(statement); statement != "" {
				list = append(list, statement)
			}
		}
	}
	return list
}

// TestAServerNamesTheMigrationThatItMisses starts the newest server on the
// schema of the version before, without permission to change it.
func TestAServerNamesTheMigrationThatItMisses(t *testing.T) {
	database := postgres.URL(t)
	first := servers(t, 1, database, nil)[0]
	first.Stop()
	db := sqlx.MustConnect("postgres", database)
	defer db.Close()
	db.MustExec(`DROP TABLE meet_server_deed; DROP FUNCTION meet_server_deed_stays; DROP FUNCTION meet_server_deed_kept; DELETE FROM meet_server_migration WHERE version_id >= 4`)
	env := process.Environment(t, database, process.Free(t))
	env["LISTEN_ADDR"], env["MIGRATE_ON_START"] = process.Free(t), "false"
	server := process.New(t, env)
	server.Launch()
	if err := server.Wait(); err == nil {
		t.Error("the server runs")
	}
	if log := server.Log(); !strings.Contains(log, "00004_audit") || !strings.Contains(log, "migrate up") {
		t.Errorf("the log says %s", log)
	}
}

// TestAServerThatWaitsForTheLockOfMigrationsSaysForWhom holds it as a pooler's
// connection does, whose server is long gone.
func TestAServerThatWaitsForTheLockOfMigrationsSaysForWhom(t *testing.T) {
	database := postgres.URL(t)
	db := sqlx.MustConnect("postgres", database)
	defer db.Close()
	db.SetMaxOpenConns(1)
	db.MustExec(`SET application_name = 'long gone'`)
	db.MustExec(`SELECT pg_advisory_lock(1835361652)`)
	env := process.Environment(t, database, process.Free(t))
	env["LISTEN_ADDR"], env["MIGRATE_LOCK_TIMEOUT"] = process.Free(t), "5"
	server := process.New(t, env)
	server.Launch()
	until(t, "the log says for whom", func() bool {
		return strings.Contains(server.Log(), "waiting for somebody else who migrates") && strings.Contains(server.Log(), "application long gone")
	})
	if err := server.Wait(); err == nil {
		t.Error("the server runs")
	}
	if log := server.Log(); !strings.Contains(log, "(waited 5s)") {
		t.Errorf("the log says %s", log)
	}
	db.MustExec(`SELECT pg_advisory_unlock(1835361652)`)
	server.Start()
}
