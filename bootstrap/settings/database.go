package settings

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Database is where the data lives. Exactly one of the two is set.
type Database struct {
	PostgresURL string
	SQLitePath  string
}

var postgresSchemes = []string{"postgres", "postgresql", "pgsql"}

// socketHost finds a percent-encoded folder in the place of the host.
var socketHost = regexp.MustCompile(`^[a-z]+://(?:[^@/]*@)?(%2[Ff][^/:?]*)`)

// ParseDatabaseURL reads DATABASE_URL. Errors never hold the password.
func ParseDatabaseURL(text string) (Database, error) {
	scheme, rest, found := strings.Cut(text, ":")
	switch {
	case text == "" || !found:
		return Database{}, errors.New("cannot interpret database URL value")
	case scheme == "sqlite":
		return parseSQLite(rest)
	case !slices.Contains(postgresSchemes, scheme):
		return Database{}, fmt.Errorf("scheme '%s://' is unknown, use postgres:// or sqlite://", scheme)
	}
	socket := ""
	if at := socketHost.FindStringSubmatchIndex(text); at != nil { // a folder as the host
		socket, text = text[at[2]:at[3]], text[:at[2]]+text[at[3]:]
	}
	parsed, err := url.Parse(text)
	if err != nil || (strings.Count(parsed.Host, ":") > 1 && !strings.HasPrefix(parsed.Host, "[")) {
		return Database{}, errors.New("this string is not a valid url, expected postgres://user:password@host:port/name")
	}
	parsed.Scheme = "postgres"
	query := parsed.Query()
	if schema := query.Get("currentSchema"); schema != "" {
		query.Del("currentSchema")
		query.Set("search_path", schema)
	}
	if folder, err := url.PathUnescape(socket); err == nil && socket != "" {
		query.Set("host", folder)
	}
	if query.Get("sslmode") == "" {
		query.Set("sslmode", "prefer")
	}
	parsed.RawQuery = query.Encode()
	return Database{PostgresURL: parsed.String()}, nil
}

func parseSQLite(rest string) (Database, error) {
	path, is := strings.CutPrefix(rest, "//")
	switch {
	case rest == ":memory:" || path == ":memory:":
		return Database{SQLitePath: ":memory:"}, nil
	case !is || path == "" || path == "/":
		return Database{}, errors.New("expected sqlite:///absolute/path, sqlite://relative/path, or :memory: behind sqlite")
	}
	return Database{SQLitePath: path}, nil
}

// Database reads DATABASE_URL, else the DB_* group, else nothing: ok is false.
func (r *Reader) Database() (database Database, ok bool) {
	if r.Set("DATABASE_URL") {
		database, err := ParseDatabaseURL(r.Text("DATABASE_URL"))
		if err != nil {
			r.Refuse("DATABASE_URL", "%s", err)
		}
		return database, true
	}
	group := []string{"DB_NAME", "DB_USER", "DB_PASSWORD", "DB_HOST", "DB_PORT"}
	if !slices.ContainsFunc(group, r.Set) {
		return Database{}, false
	}
	query := url.Values{"sslmode": {"prefer"}}
	target := url.URL{Scheme: "postgres", User: url.UserPassword(r.Text("DB_USER"), r.Text("DB_PASSWORD")), Path: "/" + r.Text("DB_NAME")}
	if host := r.Text("DB_HOST"); host == "" || strings.HasPrefix(host, "/") {
		query.Set("host", or(host, "/var/run/postgresql"))
		query.Set("port", r.Text("DB_PORT"))
	} else {
		target.Host = host + ":" + r.Text("DB_PORT")
		if strings.Contains(host, ":") && !strings.HasPrefix(host, "[") {
			target.Host = "[" + host + "]:" + r.Text("DB_PORT")
		}
	}
	target.RawQuery = query.Encode()
	return Database{PostgresURL: target.String()}, true
}

func or(first, second string) string {
	if first != "" {
		return first
	}
	return second
}
