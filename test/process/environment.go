package process

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net"
	"testing"

	"meet/adapters/demoidp"
)

// What LiveKit and the servers of a test share.
const (
	Key    = "devkey"
	Secret = "a-secret-that-is-long-enough-for-livekit"
)

// Free is a loopback address nobody listens on.
func Free(t testing.TB) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// Provider is an OpenID provider for servers at those addresses.
func Provider(t testing.TB, key *rsa.PrivateKey, listen string, addresses ...string) *demoidp.Server {
	t.Helper()
	var origins []string
	for _, address := range addresses {
		origins = append(origins, "http://"+address)
	}
	server, err := demoidp.New(demoidp.Config{Addr: listen, ClientID: "meet", Secret: "s", Key: key, Origins: origins})
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve() }()
	t.Cleanup(func() { _ = server.Stop(context.Background()) })
	return server
}

// NewKey is a key for a provider.
func NewKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	made, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// Environment is what servers at the addresses have in common.
func Environment(t testing.TB, database string, addresses ...string) map[string]string {
	t.Helper()
	return map[string]string{
		"DATABASE_URL": database, "DJANGO_SECRET_KEY": "the same for all, a long random text", "DJANGO_DATA_DIR": t.TempDir(),
		"OIDC_OP_URL": Provider(t, NewKey(t), "127.0.0.1:0", addresses...).Issuer(), "OIDC_RP_CLIENT_ID": "meet", "OIDC_RP_CLIENT_SECRET": "s",
		"LIVEKIT_API_URL": "http://" + Free(t), "LIVEKIT_API_KEY": Key, "LIVEKIT_API_SECRET": Secret,
		"REQUEST_ENTRY_THROTTLE_RATES": "1000000/second", "RECONCILE_SECONDS": "3600",
	}
}
