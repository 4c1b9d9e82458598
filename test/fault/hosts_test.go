package fault

import (
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"meet/adapters/sqlstore"
	"meet/domain"
	"meet/test/postgres"
	"meet/test/relay"
)

// TestAHostThatDoesNotAnswerIsGivenUp names one that swallows packets and one
// that accepts and is silent before the one that answers.
func TestAHostThatDoesNotAnswerIsGivenUp(t *testing.T) {
	t.Parallel()
	database := postgres.URL(t)
	silent := relay.New(t, postgresAddress(t))
	silent.Pause()
	for _, option := range []string{"sslmode=disable", "sslmode=prefer"} { // which asks a second time without TLS
		address := strings.Replace(several(t, database, relay.Swallow(t), silent.Address, postgresAddress(t)), "sslmode=disable", option, 1)
		db := opened(t, sqlstore.Config{PostgresURL: address})
		begun := time.Now()
		if err := db.Ping(t.Context()); err != nil || time.Since(begun) > 8*time.Second {
			t.Errorf("%s: after %v: %v", option, time.Since(begun), err)
		}
	}
}

// TestAServerThatStopsBehindItsDoorIsGivenUp stops it when it has let us in,
// before the first statement.
func TestAServerThatStopsBehindItsDoorIsGivenUp(t *testing.T) {
	t.Parallel()
	for _, option := range []string{"", "&connect_timeout=5"} {
		network := relay.New(t, postgresAddress(t))
		db := opened(t, sqlstore.Config{PostgresURL: through(t, postgres.URL(t), network.Address) + option, Patience: 2 * time.Second})
		conn, err := db.SQL().Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		network.Pause()
		over := time.AfterFunc(10*time.Second, network.Resume)
		begun := time.Now()
		_, err = conn.ExecContext(t.Context(), `SELECT 1`)
		if took := time.Since(begun); err == nil || took > 5*time.Second {
			t.Errorf("%q: after %v: %v", option, took, err)
		}
		over.Stop()
		_ = conn.Close()
	}
}

// TestTheOnlyHostIsGivenUpToo lets connect_timeout cut the time short.
func TestTheOnlyHostIsGivenUpToo(t *testing.T) {
	t.Parallel()
	network := relay.New(t, postgresAddress(t))
	network.Pause()
	over := time.AfterFunc(15*time.Second, network.Resume)
	defer over.Stop()
	db := opened(t, sqlstore.Config{PostgresURL: through(t, postgres.URL(t), network.Address) + "&connect_timeout=1"})
	begun := time.Now()
	if err := db.Ping(t.Context()); domain.KindOf(err) != domain.Unavailable || time.Since(begun) > 4*time.Second {
		t.Errorf("after %v: %v", time.Since(begun), err)
	}
}

// several is the database's address with several hosts.
func several(t *testing.T, database string, addresses ...string) string {
	t.Helper()
	var hosts, ports []string
	for _, address := range addresses {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			t.Fatal(err)
		}
		hosts, ports = append(hosts, host), append(ports, port)
	}
	target, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	query := target.Query()
	query.Set("host", strings.Join(hosts, ","))
	query.Set("port", strings.Join(ports, ","))
	target.Host, target.RawQuery = "", query.Encode()
	return target.String()
}

func opened(t *testing.T, config sqlstore.Config) *sqlstore.DB {
	t.Helper()
	db, err := sqlstore.Open(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}
