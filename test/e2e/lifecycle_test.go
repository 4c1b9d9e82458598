package e2e

import (
	"bufio"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"go.uber.org/fx"

	"meet/adapters/demoidp"
	"meet/adapters/sqlstore"
	"meet/bootstrap/standalone"
	"meet/migrations"
	"meet/test/postgres"

	"meet/test/client"
)

// databases are an address of an empty database for each engine.
func databases(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{"SQLite": "sqlite://" + filepath.Join(t.TempDir(), "meet.db"), "PostgreSQL": postgres.URL(t)}
}

// withoutMedia is an environment with the demo provider and no media server.
func withoutMedia(t *testing.T, database string) (map[string]string, []fx.Option) {
	t.Helper()
	env := map[string]string{
		"DJANGO_DATA_DIR": filepath.Join(t.TempDir(), "data"), "LISTEN_ADDR": free(t, "tcp"), "DEMO_OIDC_ADDR": free(t, "tcp"),
		"LIVEKIT_API_URL": "http://" + free(t, "tcp"), "DATABASE_URL": database,
	}
	addition, err := standalone.Edition.Complete(env)
	if err != nil {
		t.Fatal(err)
	}
	return env, addition.Options
}

func TestASessionSurvivesARestart(t *testing.T) {
	for engine, database := range databases(t) {
		env, options := withoutMedia(t, database)
		address, stop := startApp(t, env, options...)
		ada := client.New(t, "http://"+address)
		ada.SignIn("demo-alice")
		room := ada.NewRoom()
		stop()
		startApp(t, env, options...)
		if again := ada.Must(http.StatusOK, http.MethodGet, "/rooms/"+room["slug"].(string)+"/", nil); again["id"] != room["id"] || again["accesses"] == nil {
			t.Errorf("%s: the room is %v", engine, again)
		}
	}
}

func TestARoomIsSavedWhileTheMediaServerIsAway(t *testing.T) {
	env, options := withoutMedia(t, "sqlite::memory:")
	address, _ := startApp(t, env, options...)
	ada := client.New(t, "http://"+address)
	ada.SignIn("demo-alice")
	id, _ := ada.NewRoom()["id"].(string)
	ada.Must(http.StatusOK, http.MethodPatch, "/rooms/"+id+"/", map[string]any{"access_level": "restricted"})
	if room := ada.Must(http.StatusOK, http.MethodGet, "/rooms/"+id+"/", nil); room["access_level"] != "restricted" {
		t.Errorf("saved %v", room)
	}
}

func TestTenProcessesMigrateAtOnce(t *testing.T) {
	for engine, address := range databases(t) {
		config := sqlstore.Config{PostgresURL: address}
		if path, is := strings.CutPrefix(address, "sqlite://"); is {
			config = sqlstore.Config{SQLitePath: path}
		}
		var all sync.WaitGroup
		applied := make(chan string, 100)
		for range 10 {
			all.Go(func() {
				db, err := sqlstore.Open(config)
				if err != nil {
					t.Error(err)
					return
				}
				defer db.Close()
				migrator := sqlstore.NewMigrator(db, config)
				report, err := migrator.Up(t.Context())
				if err != nil {
					t.Errorf("%s: %v", engine, err)
				}
				for _, step := range report.Steps {
					applied <- step.Name
				}
			})
		}
		all.Wait()
		close(applied)
		times := map[string]int{}
		for step := range applied {
			if times[step]++; times[step] > 1 {
				t.Errorf("%s: %s was applied more than once", engine, step)
			}
		}
		if len(times) < 3 {
			t.Errorf("%s: applied were %v", engine, times)
		}
	}
}

// TestADatabaseOfTheReferenceIsAdopted starts on what La Suite Meet left: at
// 1.27 as it is, and in August 2024.
func TestADatabaseOfTheReferenceIsAdopted(t *testing.T) {
	august, err := os.ReadFile("../reference/testdata/0002.sql")
	if err != nil {
		t.Fatal(err)
	}
	for release, schema := range map[string]string{"1.27.0": migrations.PostgresBaseline, "0.1.3": string(august)} {
		address := postgres.URL(t)
		db := sqlx.MustConnect("postgres", address)
		defer db.Close()
		db.MustExec(schema)
		columns, values := "", ""
		if release == "1.27.0" {
			columns, values = ", default_room_configuration", ", '{}'"
		}
		db.MustExec(`INSERT INTO meet_user (password, is_superuser, id, created_at, updated_at, sub, language, timezone, is_device, is_staff, is_active` + columns +
			`) VALUES ('!x', false, '918689fb-038e-4e81-bf09-efd5902c5f0b', now(), now(), 'demo-alice', 'fr-fr', 'Europe/Paris', false, false, true` + values + `)`)
		env, options := withoutMedia(t, address)
		host, _ := startApp(t, env, options...)
		ada := client.New(t, "http://"+host)
		ada.SignIn("demo-alice")
		if me := ada.Must(http.StatusOK, http.MethodGet, "/users/me/", nil); me["id"] != "918689fb-038e-4e81-bf09-efd5902c5f0b" || me["timezone"] != "Europe/Paris" {
			t.Errorf("%s: signed in as %v", release, me)
		}
	}
}

func TestRequestsInFlightEndBeforeTheServerDoes(t *testing.T) {
	env, options := withoutMedia(t, "sqlite::memory:")
	address, stop := startApp(t, env, options...)
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	write := func(text string) {
		if _, err := conn.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	write("POST /api/v1.0/rooms/creation-callback/ HTTP/1.1\r\nHost: " + address + "\r\nContent-Type: application/json\r\nContent-Length: 19\r\nExpect: 100-continue\r\n\r\n")
	answers := bufio.NewReader(conn)
	expect := func(status string) {
		t.Helper()
		if line, err := answers.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 "+status) {
			t.Fatalf("got %q, error %v", line, err)
		}
	}
	expect("100") // the server is reading the body: RFC 9110, 10.1.1
	if _, err := answers.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	write("{\"callback_")
	stopped := make(chan struct{})
	go func() { stop(); close(stopped) }()
	for { // until nobody listens any more
		probe, err := net.DialTimeout("tcp", address, time.Second)
		if err != nil {
			break
		}
		probe.Close()
	}
	write("id\":\"x\"}")
	expect("200")
	<-stopped
}

func TestTheDemoProviderListensOnLoopbackOnly(t *testing.T) {
	if _, err := demoidp.New(demoidp.Config{Addr: "0.0.0.0:0"}); err == nil || !strings.Contains(err.Error(), "loopback only") {
		t.Errorf("got %v", err)
	}
}
