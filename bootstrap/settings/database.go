package settings

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
)

// Database is where the data lives. Exactly one of the two is set.
type Database struct {
	PostgresURL string
	SQLitePath  string
	Ignored     []string // options of the address that have no effect here
}

var postgresSchemes = []string{"postgres", "postgresql", "pgsql", "psql", "postgis"}

// ParseDatabaseURL reads DATABASE_URL. Errors hold nothing of its value but
// scheme and names of options.
func ParseDatabaseURL(text string) (Database, error) {
	scheme, rest, found := strings.Cut(text, ":")
	if text == "" || !found {
		return Database{}, errors.New("cannot interpret database URL value")
	}
	if scheme == "sqlite" || scheme == "sqlite3" {
		return parseSQLite(rest)
	}
	family, _, _ := strings.Cut(scheme, "+") // postgresql+psycopg names a driver of Python's
	if !slices.Contains(postgresSchemes, strings.ToLower(family)) {
		return Database{}, errors.New("its scheme is unknown, use postgres:// or sqlite://")
	}
	rest, slashes := strings.CutPrefix(rest, "//")
	if !slashes {
		return Database{}, errNoURL
	}
	return parsePostgres(rest)
}

// parseSQLite takes the path as it is: nothing in it is decoded.
func parseSQLite(rest string) (Database, error) {
	path, is := strings.CutPrefix(rest, "//")
	switch {
	case rest == memory || path == memory || path == "/"+memory:
		return Database{SQLitePath: memory}, nil
	case !is || strings.Trim(path, "/") == "":
		return Database{}, errors.New("expected sqlite:///absolute/path, sqlite://relative/path, or :memory: behind sqlite")
	}
	return Database{SQLitePath: filepath.Clean(path)}, nil
}

const memory = ":memory:"

// Database reads DATABASE_URL, else the DB_* group, else nothing: ok is false.
func (r *Reader) Database() (database Database, ok bool) {
	if r.Set("DATABASE_URL") {
		database, err := ParseDatabaseURL(r.Text("DATABASE_URL"))
		if err != nil {
			r.Refuse("DATABASE_URL", "%s", err)
		}
		for _, note := range database.Ignored {
			r.Warn("DATABASE_URL holds the option " + note)
		}
		return database, true
	}
	group := []string{"DB_NAME", "DB_USER", "DB_PASSWORD", "DB_HOST", "DB_PORT"}
	if !slices.ContainsFunc(group, r.Set) {
		return Database{}, false
	}
	address := address{user: r.Text("DB_USER"), password: r.Text("DB_PASSWORD"), name: r.Text("DB_NAME")}
	hosts, ports := strings.Split(r.Text("DB_HOST"), ","), strings.Split(r.Text("DB_PORT"), ",")
	if len(ports) > 1 && len(ports) != len(hosts) {
		r.Refuse("DB_PORT", "names %d ports for %d hosts of DB_HOST", len(ports), len(hosts))
		return Database{}, true
	}
	for i, host := range hosts {
		host = strings.Trim(strings.TrimSpace(host), "[]")
		if host == "" {
			host = "/var/run/postgresql"
		}
		port := strings.TrimSpace(ports[min(i, len(ports)-1)])
		if !validPort(port) {
			r.Refuse("DB_PORT", "expected a port from 1 to 65535")
			return Database{}, true
		}
		address.hosts, address.ports = append(address.hosts, host), append(address.ports, port)
	}
	return Database{PostgresURL: address.url()}, true
}
