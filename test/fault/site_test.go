// Package fault lets things break around the server and sees what people
// notice. docs/reliability.md says what they may.
package fault

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"meet/test/client"
	media "meet/test/livekit"
	"meet/test/postgres"
	"meet/test/process"
)

func TestMain(m *testing.M) {
	code := m.Run()
	process.Remove()
	media.Remove()
	os.Exit(code)
}

// servers are so many on one database, started.
func servers(t testing.TB, count int, database string, changes map[string]string) []*process.Process {
	t.Helper()
	var addresses []string
	for range count {
		addresses = append(addresses, process.Free(t))
	}
	env := process.Environment(t, database, addresses...)
	maps.Copy(env, changes)
	var list []*process.Process
	for _, address := range addresses {
		own := maps.Clone(env)
		own["LISTEN_ADDR"] = address
		server := process.New(t, own)
		server.Start()
		list = append(list, server)
	}
	return list
}

// browser is Alice's, signed in.
func browser(t testing.TB, server *process.Process) *client.Client {
	t.Helper()
	c := client.New(t, "http://"+server.Address)
	c.SignIn("demo-alice")
	return c
}

// at is the same browser at another server: cookies know no ports.
func at(t testing.TB, server *process.Process, c *client.Client) *client.Client {
	t.Helper()
	other := client.New(t, "http://"+server.Address)
	other.HTTP = c.HTTP
	return other
}

// through is the database's address with another host and port.
func through(t testing.TB, database, hostport string) string {
	t.Helper()
	address, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	address.Host = hostport
	return address.String()
}

// postgresAddress is host:port of the shared database server.
func postgresAddress(t testing.TB) string {
	t.Helper()
	address, err := url.Parse(postgres.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	return address.Host
}

const patience = time.Minute

// until waits for a condition.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(patience)
	for !is() {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("never: %s", what)
		}
	}
}

// answer is what a request without a body got.
type answer struct {
	status int
	kind   string // content type
	took   time.Duration
	err    error
}

// ask makes a request that ends within the limit, or fails.
func ask(t testing.TB, c *http.Client, target string, limit time.Duration) answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	response, err := c.Do(request)
	if err != nil {
		return answer{took: time.Since(begun), err: err}
	}
	defer response.Body.Close()
	kind, _, _ := strings.Cut(response.Header.Get("Content-Type"), ";")
	return answer{status: response.StatusCode, kind: kind, took: time.Since(begun)}
}
