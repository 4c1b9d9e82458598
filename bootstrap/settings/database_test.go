package settings_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meet/adapters/sqlstore"
	"meet/bootstrap/settings"
)

func TestDatabaseAddresses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"postgres://u:p%40@h:5433/n?sslmode=require":                "postgres://u:p%40@h:5433/n?sslmode=require",
		"postgresql://u@H/n":                                        "postgres://u@h/n",
		"postgresql+psycopg://u@h/n":                                "postgres://u@h/n",
		"pgsql://u:p@[::1]:5432/n?currentSchema=x":                  "postgres://u:p@[::1]:5432/n?search_path=x",
		"postgres://u:p@[::1]/n":                                    "postgres://u:p@[::1]/n",
		"postgres://u:p@%2Fvar%2Frun%2Fpostgresql/n":                "postgres://u:p@/n?host=%2Fvar%2Frun%2Fpostgresql",
		"postgres://u:p@%2fvar%2Frun:6432/n":                        "postgres://u:p@/n?host=%2Fvar%2Frun&port=6432",
		"postgres:///n?host=/tmp":                                   "postgres:///n?host=%2Ftmp",
		"postgres://u:p@a:5432,b:5433/n":                            "postgres://u:p@/n?host=a%2Cb&port=5432%2C5433",
		"postgres://u:p@a,[::1]:2/n?target_session_attrs=any":       "postgres://u:p@/n?host=a%2C%3A%3A1&port=5432%2C2&target_session_attrs=any",
		"postgres://u:p@h/n?sslmode=require&channel_binding=prefer": "postgres://u:p@h/n?sslmode=require",
		"postgres://u:p@h/n?ssl_require=true":                       "postgres://u:p@h/n?sslmode=require",
		"postgres://u:p@h/n?options=-c%20geqo%3Doff":                "postgres://u:p@h/n?options=-c+geqo%3Doff",
		"postgres://u:p@h/n?gssencmode=disable":                     "postgres://u:p@h/n",
		"postgres://u:p@a:1,b/n?port=7":                             "postgres://u:p@/n?host=a%2Cb&port=1%2C5432",
		// the authority wins, options fill what it leaves out
		"postgres://u:p@h:1/n?host=x&port=2&user=y&password=z&dbname=m": "postgres://u:p@h:1/n",
		"postgres://h/?port=2&user=y&password=z&dbname=m":               "postgres://h/?dbname=m&password=z&port=2&user=y",
		// what is not encoded and can be read in one way only
		"postgres://u:p@ss@h/n":    "postgres://u:p%40ss@h/n",
		"postgres://u:100%@h/n":    "postgres://u:100%25@h/n",
		"postgres://u:a%zz:b@h/n":  "postgres://u:a%25zz%3Ab@h/n",
		"postgres://u:p+w [x]@h/n": "postgres://u:p+w%20%5Bx%5D@h/n",
	} {
		got, err := settings.ParseDatabaseURL(text)
		if diff := cmp.Diff(settings.Database{PostgresURL: want}, got); diff != "" || err != nil {
			t.Errorf("%s: error %v\n%s", text, err, diff)
		}
		if err := sqlstore.Check(sqlstore.Config{PostgresURL: got.PostgresURL}); err != nil {
			t.Errorf("%s: the driver refuses it: %v", text, err)
		}
	}
}

func TestHintsAreForSettingsOfPostgreSQL(t *testing.T) {
	t.Parallel()
	for option, is := range map[string]bool{"work_mem": true, "meet.x": true, "sslaccept": false, "uselibpqcompat": false, "max_overflow": false} {
		if _, err := settings.ParseDatabaseURL("postgres://h/n?" + option + "=1"); err == nil || strings.Contains(err.Error(), "options=-c") != is {
			t.Errorf("%s: %v", option, err)
		}
	}
}

func TestOptionsWithoutEffectAreNamed(t *testing.T) {
	t.Parallel()
	for _, option := range []string{
		"channel_binding=require", "keepalives=1", "keepalives_idle=30", "tcp_user_timeout=5", "pgbouncer=true", "conn_max_age=600", "CONN_MAX_AGE=600",
		"connection_limit=5", "conn_health_checks=true", "disable_server_side_cursors=true",
	} {
		got, err := settings.ParseDatabaseURL("postgres://u:p@h/n?" + option)
		name, _, _ := strings.Cut(strings.ToLower(option), "=")
		if err != nil || len(got.Ignored) != 1 || !strings.HasPrefix(got.Ignored[0], name) || got.PostgresURL != "postgres://u:p@h/n" {
			t.Errorf("%s: %+v, %v", option, got, err)
		}
	}
}

func TestDatabaseAddressesThatCannotBeReadTellNothingOfThePassword(t *testing.T) {
	t.Parallel()
	for text, cause := range map[string]string{
		"": "cannot interpret", "nonsense": "cannot interpret", "mysql://h/n": "scheme", "postgres:h/n": "not a valid url",
		"postgres://u:SECRET@h:port/n": "port", "postgres://u:SECRET@h:0/n": "port", "postgres://u:SECRET@h:5432:1/n": "[ and ]",
		"postgres://u:SECRET@::1/n": "[ and ]", "postgres://u:SECRET@[nonsense]/n": "not a valid url",
		"postgres://u:SEC#RET@h/n": "%23", "postgres://u:SEC/RET@h/n": "%2F", "postgres://u:SEC?RET@h/n": "%3F", "postgres://u:12/SECRET@h/n": "%2F",
		"postgres://u:p@SEC/RET@h/n": "%2F", "postgres://u:1#SECRET": "%23", "postgres://u:12?SECRET@h/n": "%3F",
		"postgres://u:SECRET@h/n?sslcrl=x": "sslcrl", "postgres://u:SECRET@h/n?gssencmode=require": "gssencmode", "postgres://u:SECRET@h/n?nonsense=SECRET": "nonsense",
		"postgres://u:SECRET@h/n?x=1;y=2%": "%25", "sqlite:": "sqlite:///", "sqlite://": "sqlite:///", "sqlite:///": "sqlite:///",
		"SECRET://u:p@h/n": "scheme",
	} {
		got, err := settings.ParseDatabaseURL(text)
		if err == nil || !strings.Contains(err.Error(), cause) || strings.Contains(err.Error(), "SEC") || strings.Contains(err.Error(), "RET@") {
			t.Errorf("%q: got %+v, error %v", text, got, err)
		}
	}
}

func TestSQLitePathsAreTakenAsTheyAre(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"sqlite:///var/lib/meet.db": "/var/lib/meet.db", "sqlite:////var/lib/meet.db": "/var/lib/meet.db", "sqlite://data/meet.db": "data/meet.db",
		"sqlite::memory:": ":memory:", "sqlite://:memory:": ":memory:", "sqlite:///:memory:": ":memory:",
		"sqlite:////srv/my data/50%#?ü.db": "/srv/my data/50%#?ü.db", "sqlite://./meet.db": "meet.db",
	} {
		got, err := settings.ParseDatabaseURL(text)
		if diff := cmp.Diff(settings.Database{SQLitePath: want}, got); diff != "" || err != nil {
			t.Errorf("%s: error %v\n%s", text, err, diff)
		}
	}
}

func TestTheGroupOfDatabaseVariables(t *testing.T) {
	t.Parallel()
	for want, env := range map[string]map[string]string{
		"postgres://meet:p%40ss%2Fword@postgresql:5432/meet":                   {"DB_HOST": "postgresql", "DB_PASSWORD": "p@ss/word", "DB_USER": "meet"},
		"postgres://dinum:pass@/meet?host=h1%2Ch2&port=5432%2C5433":            {"DB_HOST": "h1,h2", "DB_PORT": "5432,5433"},
		"postgres://dinum:pass@/meet?host=h1%2Ch2&port=6432%2C6432":            {"DB_HOST": "h1, h2", "DB_PORT": "6432"},
		"postgres://dinum:pass@/meet?host=%2Fvar%2Frun%2Fpostgresql&port=5432": {"DB_HOST": ""},
		"postgres://dinum:pass@[::1]:5432/meet":                                {"DB_HOST": "::1"},
	} {
		read := reader(env)
		if got, set := read.Database(); !set || got.PostgresURL != want || len(read.Problems()) > 0 {
			t.Errorf("%v: got %v %v, want %s", env, got, read.Problems(), want)
		}
	}
	for _, env := range []map[string]string{{"DB_PORT": "port"}, {"DB_HOST": "a,b,c", "DB_PORT": "1,2"}, {"DB_PORT": "70000"}} {
		read := reader(env)
		if read.Database(); len(read.Problems()) != 1 || !strings.HasPrefix(read.Problems()[0], "DB_PORT: ") {
			t.Errorf("%v: %v", env, read.Problems())
		}
	}
	if _, set := reader(nil).Database(); set {
		t.Error("a database without any variable")
	}
}
