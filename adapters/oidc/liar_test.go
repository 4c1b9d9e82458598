package oidc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"meet/adapters/oidc"
	"meet/domain"
)

const (
	clientID = "meet"
	secret   = "the client's secret, long enough for HS256"
	redirect = "https://meet.example/api/v1.0/callback/"
)

// providersKey is made once: that takes long.
var providersKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// liar is an OpenID provider that says what the test wants, right or wrong.
type liar struct {
	*httptest.Server
	key      *rsa.PrivateKey
	claims   map[string]any // of the id token
	sign     func(claims map[string]any) string
	userinfo func(w http.ResponseWriter, r *http.Request)
	token    func(w http.ResponseWriter, r *http.Request)
	keys     func() []jose.JSONWebKey
	document map[string]any
	down     string // path that fails
	status   int    // with which it fails; 0 hangs
	asked    atomic.Int64
}

func newLiar(t *testing.T) *liar {
	t.Helper()
	key, err := providersKey()
	if err != nil {
		t.Fatal(err)
	}
	l := &liar{key: key}
	hang := make(chan struct{})
	mux := http.NewServeMux()
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.asked.Add(1)
		if l.down == r.URL.Path {
			if l.status == 0 {
				select {
				case <-hang:
				case <-r.Context().Done():
				}
				return
			}
			w.WriteHeader(l.status)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { close(hang); l.Close() })
	l.claims = map[string]any{
		"iss": l.URL, "sub": "ada", "aud": clientID, "exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix(), "nonce": "nonce", "sid": "s1",
	}
	l.document = map[string]any{
		"issuer": l.URL, "authorization_endpoint": l.URL + "/auth", "token_endpoint": l.URL + "/token", "userinfo_endpoint": l.URL + "/userinfo",
		"jwks_uri": l.URL + "/keys", "end_session_endpoint": l.URL + "/logout?x=y",
	}
	l.sign = func(claims map[string]any) string {
		return signed(t, jose.RS256, jose.JSONWebKey{Key: key, KeyID: "k1"}, claims)
	}
	l.keys = func() []jose.JSONWebKey {
		return []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "k1", Algorithm: "RS256", Use: "sig"}}
	}
	l.userinfo = func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, map[string]any{"sub": "ada", "email": "ada@example.com"})
	}
	l.token = func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, map[string]any{"access_token": "at", "token_type": "Bearer", "id_token": l.sign(l.claims)})
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, l.document) })
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, jose.JSONWebKeySet{Keys: l.keys()}) })
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) { l.token(w, r) })
	mux.HandleFunc("GET /userinfo", func(w http.ResponseWriter, r *http.Request) { l.userinfo(w, r) })
	return l
}

func writeJSON(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

func signed(t *testing.T, algorithm jose.SignatureAlgorithm, key any, claims map[string]any) string {
	t.Helper()
	return typed(t, "", algorithm, key, claims)
}

// typed is a signed token whose header has the type kind, none for "".
func typed(t *testing.T, kind string, algorithm jose.SignatureAlgorithm, key any, claims map[string]any) string {
	t.Helper()
	options := &jose.SignerOptions{}
	if kind != "" {
		options.WithType(jose.ContentType(kind))
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	object, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	token, err := object.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (l *liar) config() oidc.Config {
	return oidc.Config{
		Issuer: l.URL, ClientID: clientID, ClientSecret: secret, Algorithm: "RS256", Scopes: "openid email", UseNonce: true,
		UserinfoFormat: "AUTO", Timeout: 2 * time.Second, VerifyTLS: true,
	}
}

func (l *liar) identify(t *testing.T, changes ...func(*oidc.Config)) (domain.Identity, error) {
	t.Helper()
	config := l.config()
	for _, change := range changes {
		change(&config)
	}
	return oidc.New(config).Identify(t.Context(), domain.SignInAttempt{State: "s", Nonce: "nonce"}, "SECRET-code", "", redirect)
}

func otherKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func ecKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// unsigned is a token with "alg": "none".
func unsigned(claims map[string]any) string {
	payload, _ := json.Marshal(claims)
	return fmt.Sprintf("%s.%s.", b64(`{"alg":"none"}`), b64(string(payload)))
}

// startTLS moves the provider to https with a certificate nobody knows.
func (l *liar) startTLS(t *testing.T) {
	t.Helper()
	secure := httptest.NewTLSServer(l.Config.Handler)
	t.Cleanup(secure.Close)
	for name, value := range l.document {
		if text, ok := value.(string); ok {
			l.document[name] = secure.URL + text[len(l.URL):]
		}
	}
	l.claims["iss"] = secure.URL
	l.URL = secure.URL
}
