package doctor

import (
	"database/sql"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	goredis "github.com/redis/go-redis/v9"

	"meet/adapters/sqlstore"
	"meet/domain"
	"meet/migrations"
	"meet/test/postgres"
	"meet/test/process"
	"meet/test/redis"
	"meet/test/sink"
)

type vars = map[string]string

func configurations() []setUp {
	const check = "configuration"
	return []setUp{
		{name: "a number that is none", env: vars{"OIDC_TIMEOUT": "soon"}, check: check, status: domain.Broken, mend: []string{"OIDC_TIMEOUT"}},
		{name: "an unknown profile", env: vars{"DJANGO_CONFIGURATION": "Prod"}, check: check, status: domain.Broken, mend: []string{"DJANGO_CONFIGURATION"}},
		{name: "a misspelt name", env: vars{"OIDC_USE_PCKE": "true"}, check: check, status: domain.Doubtful, mend: []string{"set OIDC_USE_PKCE", "OIDC_USE_PCKE"}},
		{name: "a name without its prefix", env: vars{"CSRF_TRUSTED_ORIGINS": "https://x"}, check: check, status: domain.Doubtful, mend: []string{"DJANGO_CSRF_TRUSTED_ORIGINS"}},
		{name: "a variable that does nothing yet", env: vars{"RECORDING_ENABLE": "true"}, check: check, status: domain.Doubtful, mend: []string{"remove RECORDING_ENABLE"}},
		{name: "a short secret", env: vars{"DJANGO_SECRET_KEY": "hidden-short"}, check: check, status: domain.Doubtful, mend: []string{"DJANGO_SECRET_KEY", "long random"}},
		{name: "no secret", env: vars{"DJANGO_SECRET_KEY": "-"}, check: check, status: domain.Broken, mend: []string{"DJANGO_SECRET_KEY"}},
		{name: "no key for LiveKit", env: vars{"LIVEKIT_API_SECRET": "-"}, check: check, status: domain.Broken, mend: []string{"LIVEKIT_API_SECRET"}},
		{name: "no provider", env: vars{"OIDC_OP_URL": "-"}, check: check, status: domain.Broken, mend: []string{"OIDC_OP_URL"}},
		{name: "the development profile", env: vars{"DJANGO_CONFIGURATION": "Development"}, check: check, status: domain.Doubtful, mend: []string{"DJANGO_CONFIGURATION=Production"}},
		{name: "no hosts", env: vars{"DJANGO_ALLOWED_HOSTS": ""}, check: check, status: domain.Doubtful, mend: []string{"DJANGO_ALLOWED_HOSTS"}},
		{name: "a host with its scheme", env: vars{"DJANGO_ALLOWED_HOSTS": "https://meet.demo.example"}, check: check, status: domain.Broken, mend: []string{"DJANGO_ALLOWED_HOSTS", "scheme"}},
		{name: "a list in brackets", env: vars{"DJANGO_ALLOWED_HOSTS": `["meet.demo.example"]`}, check: check, status: domain.Broken, mend: []string{"DJANGO_ALLOWED_HOSTS", "quotes"}},
		{name: "no proxies", make: unset("TRUSTED_PROXIES"), check: check, status: domain.Doubtful, mend: []string{"TRUSTED_PROXIES", "addresses"}},
		{name: "all hosts", env: vars{"DJANGO_ALLOWED_HOSTS": "*"}, check: check, status: domain.Doubtful, mend: []string{"DJANGO_ALLOWED_HOSTS"}},
		{name: "an origin without scheme", env: vars{"DJANGO_CSRF_TRUSTED_ORIGINS": "meet.demo.example"}, check: check, status: domain.Broken, mend: []string{"https://meet.demo.example", "DJANGO_CSRF_TRUSTED_ORIGINS"}},
	}
}

// statement runs SQL in the database, in one session.
func statement(t *testing.T, address string, texts ...string) {
	t.Helper()
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, text := range texts {
		if _, err := db.ExecContext(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
}

// changed is the address with another user, path or option.
func changed(t *testing.T, address string, edit func(*url.URL)) string {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	edit(parsed)
	return parsed.String()
}

// migrated is a database that is up to date.
func migrated(t *testing.T) string {
	t.Helper()
	address := postgres.URL(t)
	config := sqlstore.Config{PostgresURL: address}
	db, err := sqlstore.Open(config)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	migrator := sqlstore.NewMigrator(db, config)
	if _, err := migrator.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	return address
}

// powerless is the database for a user who may do nothing in it.
func powerless(t *testing.T, address string) string {
	t.Helper()
	user := "u_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	statement(t, address, `CREATE ROLE `+user+` LOGIN`, `REVOKE CREATE ON SCHEMA public FROM PUBLIC`)
	t.Cleanup(func() {
		db, err := sql.Open("postgres", address)
		if err != nil {
			t.Error(err)
			return
		}
		defer db.Close()
		if _, err := db.Exec(`DROP ROLE ` + user); err != nil {
			t.Error(err)
		}
	})
	return changed(t, address, func(u *url.URL) { u.User = url.UserPassword(user, "hidden-password") })
}

const aPerson = `INSERT INTO meet_user (password, is_superuser, id, created_at, updated_at, sub, language, timezone, is_device, is_staff, is_active, default_room_configuration)
	VALUES ('', false, gen_random_uuid(), now(), now(), `

func databases() []setUp {
	of := func(address func(*testing.T, *world) string) func(*testing.T, *world, map[string]string) {
		return func(t *testing.T, w *world, env map[string]string) { env["DATABASE_URL"] = address(t, w) }
	}
	fresh := func(texts ...string) func(*testing.T, *world, map[string]string) {
		return of(func(t *testing.T, _ *world) string {
			address := migrated(t)
			statement(t, address, texts...)
			return address
		})
	}
	return []setUp{
		{name: "nobody listens", check: "database.connection", status: domain.Broken, mend: []string{"host and port", "DATABASE_URL"},
			make: of(func(t *testing.T, _ *world) string { return "postgres://u:hidden-p@" + process.Free(t) + "/n" })},
		{name: "an unknown user", check: "database.connection", status: domain.Broken, mend: []string{"user and password", "DB_PASSWORD"},
			make: of(func(t *testing.T, w *world) string {
				return changed(t, w.env["DATABASE_URL"], func(u *url.URL) { u.User = url.UserPassword("nobody_at_all", "hidden-p") })
			})},
		{name: "no such database", check: "database.connection", status: domain.Broken, mend: []string{"create it", "DB_NAME"},
			make: of(func(t *testing.T, w *world) string {
				return changed(t, w.env["DATABASE_URL"], func(u *url.URL) { u.Path = "/nothing" })
			})},
		{name: "TLS where there is none", check: "database.connection", status: domain.Broken, mend: []string{"sslmode"},
			make: of(func(t *testing.T, w *world) string {
				return changed(t, w.env["DATABASE_URL"], func(u *url.URL) { u.RawQuery = "sslmode=require" })
			})},
		{name: "a folder for SQLite", check: "database.connection", status: domain.Broken, mend: []string{"file", "DATABASE_URL"},
			make: of(func(t *testing.T, _ *world) string { return "sqlite://" + t.TempDir() })},
		{name: "an encoding that knows few languages", check: "database.encoding", status: domain.Broken, mend: []string{"UTF8", "DB_NAME"},
			make: of(func(t *testing.T, w *world) string {
				name := "t_" + strings.ReplaceAll(uuid.NewString(), "-", "")
				statement(t, w.env["DATABASE_URL"], `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'`)
				t.Cleanup(func() {
					db, err := sql.Open("postgres", w.env["DATABASE_URL"])
					if err == nil {
						_, err = db.Exec(`DROP DATABASE ` + name + ` WITH (FORCE)`)
						_ = db.Close()
					}
					if err != nil {
						t.Error(err)
					}
				})
				return changed(t, w.env["DATABASE_URL"], func(u *url.URL) { u.Path = "/" + name })
			})},
		{name: "no right to create tables", check: "database.rights", status: domain.Broken, mend: []string{"GRANT CREATE", "DB_USER"},
			make: of(func(t *testing.T, _ *world) string { return powerless(t, postgres.URL(t)) })},
		{name: "no right to call our functions", check: "database.rights", status: domain.Broken, mend: []string{"GRANT EXECUTE", "DB_USER"},
			make: of(func(t *testing.T, _ *world) string {
				address := migrated(t)
				statement(t, address, `REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC`)
				return powerless(t, address)
			})},
		{name: "an extension nobody may install", check: "database.extensions", status: domain.Broken, mend: []string{"CREATE EXTENSION pg_trgm"},
			make: of(func(t *testing.T, _ *world) string { return powerless(t, postgres.URL(t)) })},
		{name: "a schema that nobody brings up to date", env: vars{"MIGRATE_ON_START": "false"}, check: "database.schema", status: domain.Broken,
			mend: []string{"meet migrate up", "MIGRATE_ON_START"}, make: of(func(t *testing.T, _ *world) string { return postgres.URL(t) })},
		{name: "a La Suite Meet that nobody knows", check: "database.schema", status: domain.Broken, mend: []string{"meet migrate --dry-run"},
			make: of(func(t *testing.T, _ *world) string {
				address := postgres.URL(t)
				statement(t, address, migrations.PostgresBaseline, `INSERT INTO django_migrations (app, name, applied) VALUES ('core', '0099_from_the_future', now())`)
				return address
			})},
		{name: "more connections than there are", env: vars{"DB_MAX_CONNECTIONS": "10000"}, check: "database.connections", status: domain.Doubtful,
			mend: []string{"DB_MAX_CONNECTIONS", "max_connections"}},
		{name: "a subject that cannot be handed back", check: "database.subjects", status: domain.Doubtful, mend: []string{"handing", "meet_user"},
			make: fresh(aPerson + `'odd|subject', 'en-us', 'UTC', false, false, true, '{}')`)},
		{name: "a time zone on no map", check: "database.timezones", status: domain.Doubtful, mend: []string{"timezone", "meet_user"},
			make: fresh(aPerson + `'x', 'en-us', 'Mars/Olympus', false, false, true, '{}')`)},
	}
}

func redises() []setUp {
	spoilt := func(settings ...string) func(*testing.T, *world, map[string]string) {
		return func(t *testing.T, _ *world, env map[string]string) {
			server := redis.Start(t)
			client := goredis.NewClient(&goredis.Options{Addr: server.Address})
			defer client.Close()
			for i := 0; i < len(settings); i += 2 {
				if err := client.ConfigSet(t.Context(), settings[i], settings[i+1]).Err(); err != nil {
					t.Fatal(err)
				}
			}
			env["REDIS_URL"] = server.URL
		}
	}
	return []setUp{
		{name: "nobody listens", check: "redis.connection", status: domain.Broken, mend: []string{"host and port", "REDIS_URL"},
			make: func(t *testing.T, _ *world, env map[string]string) {
				env["REDIS_URL"] = "redis://" + process.Free(t) + "/1"
			}},
		{name: "no password", check: "redis.connection", status: domain.Broken, mend: []string{"password", "REDIS_URL"}, make: spoilt("requirepass", "hidden-redis")},
		{name: "a wrong password", check: "redis.connection", status: domain.Broken, mend: []string{"password", "REDIS_URL"},
			make: func(t *testing.T, w *world, env map[string]string) {
				spoilt("requirepass", "hidden-redis")(t, w, env)
				env["REDIS_URL"] = strings.Replace(env["REDIS_URL"], "redis://", "redis://:hidden-other@", 1)
			}},
		{name: "a number that it does not have", check: "redis.connection", status: domain.Broken, mend: []string{"number", "REDIS_URL"},
			make: func(t *testing.T, w *world, env map[string]string) {
				env["REDIS_URL"] = strings.TrimSuffix(w.env["REDIS_URL"], "/1") + "/99"
			}},
		{name: "a cache that forgets", check: "redis.memory", status: domain.Doubtful, mend: []string{"noeviction", "REDIS_URL"},
			make: spoilt("maxmemory", "50mb", "maxmemory-policy", "allkeys-lru")},
	}
}

func mailServers() []setUp {
	return []setUp{
		{name: "nobody listens", check: "smtp.connection", status: domain.Broken, mend: []string{"DJANGO_EMAIL_HOST", "DJANGO_EMAIL_PORT"},
			make: func(t *testing.T, _ *world, env map[string]string) {
				_, port, _ := strings.Cut(process.Free(t), ":")
				env["DJANGO_EMAIL_PORT"] = port
			}},
		{name: "a wrong password", env: vars{"DJANGO_EMAIL_HOST_PASSWORD": "hidden-other"}, check: "smtp.connection", status: domain.Broken,
			mend: []string{"DJANGO_EMAIL_HOST_USER", "DJANGO_EMAIL_HOST_PASSWORD"}},
		{name: "STARTTLS where there is none", env: vars{"DJANGO_EMAIL_USE_TLS": "true"}, check: "smtp.connection", status: domain.Broken,
			mend: []string{"DJANGO_EMAIL_USE_TLS"}},
		{name: "TLS where there is none", env: vars{"DJANGO_EMAIL_USE_SSL": "true"}, check: "smtp.connection", status: domain.Broken,
			mend: []string{"DJANGO_EMAIL_USE_SSL", "DJANGO_EMAIL_PORT"}},
		{name: "a password that nobody wants", check: "smtp.connection", status: domain.Broken, mend: []string{"DJANGO_EMAIL_HOST_USER"},
			make: func(t *testing.T, _ *world, env map[string]string) { env["DJANGO_EMAIL_PORT"] = sink.Start(t).Port }},
		{name: "the made-up sender", env: vars{"DJANGO_EMAIL_FROM": "-"}, check: "smtp.sender", status: domain.Doubtful, mend: []string{"DJANGO_EMAIL_FROM"}},
		{name: "links without an address", env: vars{"DJANGO_EMAIL_APP_BASE_URL": "-"}, check: "smtp.links", status: domain.Doubtful, mend: []string{"DJANGO_EMAIL_APP_BASE_URL"}},
	}
}

// unset takes a variable away.
func unset(name string) func(*testing.T, *world, map[string]string) {
	return func(_ *testing.T, _ *world, env map[string]string) { delete(env, name) }
}
