// Package postgres gives each test a PostgreSQL database of its own.
package postgres

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	_ "github.com/lib/pq" // the driver
)

// URL creates an empty database for the test and drops it afterwards.
func URL(t testing.TB) string {
	t.Helper()
	server := os.Getenv("TEST_POSTGRES_URL")
	if server == "" {
		t.Fatal("TEST_POSTGRES_URL is not set: run `make test`, or `test/with-postgres.sh go test ./...` " +
			"(it needs `sudo apt-get install -y postgresql`)")
	}
	admin, err := sql.Open("postgres", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "t_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if _, err := admin.ExecContext(t.Context(), `CREATE DATABASE `+name+` TEMPLATE template0`); err != nil {
		t.Fatalf("create a database on TEST_POSTGRES_URL: %v", err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec(`DROP DATABASE ` + name + ` WITH (FORCE)`); err != nil {
			t.Errorf("drop the database: %v", err)
		}
		_ = admin.Close()
	})
	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	target.Path = "/" + name
	return fmt.Sprint(target)
}
