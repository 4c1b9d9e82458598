// Package bench measures the server against a floor, side by side.
package bench

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"meet/adapters/demoidp"
	"meet/test/client"
	"meet/test/postgres"
	"meet/test/redis"
)

// The promises.
const (
	strangerRatio = 0.6
	signedInRatio = 0.4
	ownerRatio    = 0.35
	meRatio       = 0.55
	pooledRatio   = 0.35
	pollRatio     = 0.3
	mintRatio     = 0.4
	webhookRatio  = 0.4
	mostStart     = 300 * time.Millisecond
	mostOwn       = 24 << 10 // KiB of memory that is not the program itself
)

func free(b *testing.B) string {
	b.Helper()
	listener, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// build compiles a command of this module as it is shipped.
func build(b *testing.B, pkg string) string {
	b.Helper()
	out := filepath.Join(b.TempDir(), filepath.Base(pkg))
	command := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, pkg)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := command.CombinedOutput(); err != nil {
		b.Fatalf("build %s: %v\n%s", pkg, err, text)
	}
	return out
}

// start runs a program until the benchmark ends and waits for its first
// answer; it tells how long that took.
func start(b *testing.B, address string, env []string, program string, args ...string) (*exec.Cmd, time.Duration) {
	b.Helper()
	command := exec.CommandContext(context.WithoutCancel(b.Context()), program, args...)
	command.Env, command.Stderr = append(os.Environ(), env...), io.Discard
	begun := time.Now()
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait()
	})
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for time.Since(begun) < 10*time.Second {
		<-ticker.C
		response, err := http.Get("http://" + address + "/__lbheartbeat__")
		if err == nil {
			_ = response.Body.Close()
			return command, time.Since(begun)
		}
	}
	b.Fatalf("%s does not answer", program)
	return nil, 0
}

// site is our server on PostgreSQL with a room in it.
type site struct {
	address, database, slug string
	redis                   string
	pooled                  bool // the database is behind a pooler
	cookies, owners         string
	process                 *exec.Cmd
	started                 time.Duration
}

func newSite(b *testing.B, changes ...string) site {
	b.Helper()
	return newSiteOn(b, func(database string) string { return database }, changes...)
}

// newSiteOn is a site that reaches its database by another way.
func newSiteOn(b *testing.B, reach func(database string) string, changes ...string) site {
	b.Helper()
	database := postgres.URL(b)
	s := site{address: free(b), database: reach(database), redis: redis.Start(b).URL}
	s.pooled = s.database != database
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	provider, err := demoidp.New(demoidp.Config{Addr: "127.0.0.1:0", ClientID: "meet", Secret: "s", Key: key, Origins: []string{"http://" + s.address}})
	if err != nil {
		b.Fatal(err)
	}
	go func() { _ = provider.Serve() }()
	b.Cleanup(func() { _ = provider.Stop(context.Background()) })
	env := []string{
		"DATABASE_URL=" + s.database, "LISTEN_ADDR=" + s.address, "DJANGO_SECRET_KEY=x", "OIDC_OP_URL=" + provider.Issuer(),
		"OIDC_RP_CLIENT_SECRET=s", "LIVEKIT_API_URL=http://127.0.0.1:7880", "LIVEKIT_API_KEY=key", "LIVEKIT_API_SECRET=" + secret, "REDIS_URL=" + s.redis, "CONNECTION_TEST_ENABLED=true",
		"CONNECTION_TEST_THROTTLE_RATES=1000000/second", "REQUEST_ENTRY_THROTTLE_RATES=1000000/second", "RECONCILE_SECONDS=3600",
	}
	env = append(env, changes...)
	program := build(b, "meet/cmd/meet")
	migrate := exec.CommandContext(b.Context(), program, "migrate", "up")
	migrate.Env = append(os.Environ(), env...)
	if text, err := migrate.CombinedOutput(); err != nil {
		b.Fatalf("migrate: %v\n%s", err, text)
	}
	s.process, s.started = start(b, s.address, env, program, "serve")
	owner, guest := client.New(b, "http://"+s.address), client.New(b, "http://"+s.address)
	owner.SignIn("demo-alice")
	guest.SignIn("demo-bob")
	s.slug, _ = owner.NewRoom()["slug"].(string)
	s.cookies, s.owners = guest.Cookies(), owner.Cookies()
	return s
}

// compareCall compares one of our calls with the floor that reads a room, and
// with the same floor on a prepared statement, which our server cannot have:
// it has to work behind a pooler.
func compareCall(b *testing.B, s site, path, cookies string, least float64) {
	b.Helper()
	get := func(url, cookies string) call {
		return func(ctx context.Context) (*http.Request, error) {
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
			if cookies != "" && err == nil {
				request.Header.Set("Cookie", cookies)
			}
			return request, err
		}
	}
	room, floor := "/api/v1.0/rooms/"+s.slug+"/", "http://"+s.floor(b)
	rivals := []rival{asFloor(get(floor+room, ""))}
	if !s.pooled {
		rivals = append(rivals, rival{"named-floor", get(floor+"/named"+room, "")})
	}
	compare(b, get("http://"+s.address+"/api/v1.0"+path, cookies), least, rivals...)
}

func BenchmarkStrangersRoom(b *testing.B) {
	s := newSite(b)
	compareCall(b, s, "/rooms/"+s.slug+"/", "", strangerRatio)
}

func BenchmarkSignedInRoom(b *testing.B) {
	s := newSite(b)
	compareCall(b, s, "/rooms/"+s.slug+"/", s.cookies, signedInRatio)
}

// BenchmarkPooledRoom is the same call where a PgBouncer in transaction mode
// stands before the database, of the floor too.
func BenchmarkPooledRoom(b *testing.B) {
	s := newSiteOn(b, func(database string) string { return postgres.NewPooler(b, database).URL })
	compareCall(b, s, "/rooms/"+s.slug+"/", s.cookies, pooledRatio)
}

func BenchmarkOwnersRoom(b *testing.B) {
	s := newSite(b)
	compareCall(b, s, "/rooms/"+s.slug+"/", s.owners, ownerRatio)
}

func BenchmarkMe(b *testing.B) {
	s := newSite(b)
	compareCall(b, s, "/users/me/", s.cookies, meRatio)
}

func BenchmarkStart(b *testing.B) {
	s := newSite(b)
	resident, own := memory(b, s.process.Process.Pid, "VmRSS:"), memory(b, s.process.Process.Pid, "RssAnon:")
	for b.Loop() { // nothing to repeat: it has happened
	}
	b.ReportMetric(float64(s.started.Milliseconds()), "ms-to-ready")
	b.ReportMetric(float64(resident)/1024, "MiB-resident")
	b.ReportMetric(float64(own)/1024, "MiB-own")
	b.ReportMetric(0, "ns/op")
	if s.started > mostStart {
		b.Errorf("ready after %v, promised are %v", s.started, mostStart)
	}
	if own > mostOwn {
		b.Errorf("%d KiB of its own, promised are %d", own, mostOwn)
	}
}

// memory is what a line of a process's status says, in KiB (proc(5)).
func memory(b *testing.B, pid int, line string) int {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	for text := range strings.Lines(string(status)) {
		if rest, found := strings.CutPrefix(text, line); found {
			size, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				b.Fatal(err)
			}
			return size
		}
	}
	b.Fatal("no ", line)
	return 0
}
