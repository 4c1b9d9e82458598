package redisstore_test

import (
	"errors"
	"net"
	"net/url"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"meet/adapters/redisstore"
	"meet/domain"
	"meet/test/process"
	"meet/test/redis"
)

const prefix = "room_lobby" // of the lobby's keys

// door is a REDIS_URL that leads to no server that the lobby can use.
type door struct {
	name, url string
	reason    string // of the start that is refused
	mend      string // of the doctor
}

// TestWrongDoorsAreRefused by the start and by the doctor: all of them answer,
// and none does what the lobby asks.
func TestWrongDoorsAreRefused(t *testing.T) {
	t.Parallel()
	_, nodes := redis.StartCluster(t)
	set := redis.StartSet(t)
	sentinel, _, _ := strings.Cut(strings.TrimPrefix(set.URL, "redis+sentinel://"), ",")
	doors := []door{
		{"a node of a cluster", "redis://" + nodes[0].Address, "a node of a cluster", "redis+cluster://"},
		{"a database of a cluster", "redis://" + nodes[1].Address + "/1", "a node of a cluster", "redis+cluster://"},
		{"Sentinel", "redis://" + sentinel, "it is Sentinel", "redis+sentinel://"},
		{"a database of Sentinel", "redis://" + sentinel + "/1", "it is Sentinel", "redis+sentinel://"},
		{"Sentinel as a cluster", "redis+cluster://" + sentinel, "it is Sentinel", "redis+sentinel://"},
		{"a server as Sentinel", "redis+sentinel://" + set.Primary.Address + "/meet", "no Sentinel", "redis+sentinel://"},
		{"a replica", set.Replica.URL, "a replica", "redis+sentinel://"},
		{"a release that is too old", redis.Start(t).Older(t, "6.0"), "6.2 or newer", "6.2 or newer"},
		{"a user who may do nothing", restricted(t, "-@all", "+ping"), "may not", "ACL SETUSER"},
		{"a user who may not ping", restricted(t, "-@all", "+info"), "may not", "ACL SETUSER"},
	}
	for _, d := range append(doors, encryptedDoors(t)...) {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			refused(t, d)
		})
	}
}

func refused(t *testing.T, d door) {
	t.Helper()
	if err := redisstore.Check(t.Context(), d.url, prefix); !errors.Is(err, redisstore.ErrRefused) || !strings.Contains(err.Error(), d.reason) || strings.Contains(err.Error(), "hidden") {
		t.Errorf("the start: error %v", err)
	}
	findings := redisstore.Examine(t.Context(), d.url, prefix)
	for _, finding := range findings {
		if finding.Status == domain.Broken && strings.Contains(finding.Mend, d.mend) {
			return
		}
	}
	t.Errorf("the doctor: %+v", findings)
}

// restricted is a server with a user who has the rules alone.
func restricted(t *testing.T, rules ...string) string {
	t.Helper()
	server := redis.Start(t)
	client := goredis.NewClient(&goredis.Options{Addr: server.Address})
	defer func() { _ = client.Close() }()
	arguments := []any{"ACL", "SETUSER", "meet", "on", ">hidden", "~*", "&*", "+select"}
	for _, rule := range rules {
		arguments = append(arguments, rule)
	}
	if err := client.Do(t.Context(), arguments...).Err(); err != nil {
		t.Fatal(err)
	}
	return "redis://meet:hidden@" + server.Address
}

// encryptedDoors are those where TLS does not come about.
func encryptedDoors(t *testing.T) []door {
	t.Helper()
	cert, key := certificate(t, "localhost")
	encrypted := func(clients string) string {
		_, port, _ := net.SplitHostPort(process.Free(t))
		redis.StartWith(t, "--tls-port", port, "--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert, "--tls-auth-clients", clients)
		return port
	}
	port, closed := encrypted("no"), encrypted("yes")
	trusted := "?ssl_ca_certs=" + url.QueryEscape(cert)
	plain := redis.Start(t).Address
	return []door{
		{"nobody trusted signed it", "rediss://localhost:" + port, "certificate", "ssl_ca_certs"},
		{"nobody trusted signed it, by any name", "rediss://localhost:" + port + "?ssl_check_hostname=false", "certificate", "ssl_ca_certs"},
		{"another name", "rediss://127.0.0.1:" + port + trusted, "certificate", "host in REDIS_URL"},
		{"no certificate of ours", "rediss://localhost:" + closed + trusted, "certificate of ours", "ssl_certfile"},
		{"TLS where there is none", "rediss://" + plain, "no TLS", "redis://"},
		{"TLS where a cluster has none", "rediss+cluster://" + plain, "no TLS", "redis+cluster://"},
		{"TLS where Sentinel has none", "rediss+sentinel://" + plain + "/meet", "no TLS", "redis+sentinel://"},
		{"no TLS where there is some", "redis://localhost:" + port, "TLS", "rediss://"},
	}
}
