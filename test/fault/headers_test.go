package fault

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"meet/test/client"
	"meet/test/postgres"
	"meet/test/process"
)

// wordyProvider lets everybody in at once, by an id token of many bytes.
func wordyProvider(t testing.TB, padding int) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var nonces sync.Map
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	answer := func(body func(r *http.Request) any) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { _ = json.NewEncoder(w).Encode(body(r)) }
	}
	mux.HandleFunc("/.well-known/openid-configuration", answer(func(*http.Request) any {
		return map[string]string{
			"issuer": server.URL, "authorization_endpoint": server.URL + "/auth", "token_endpoint": server.URL + "/token", "userinfo_endpoint": server.URL + "/me",
			"jwks_uri": server.URL + "/keys", "end_session_endpoint": server.URL + "/logout",
		}
	}))
	mux.HandleFunc("/keys", answer(func(*http.Request) any { return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey}}} }))
	mux.HandleFunc("/me", answer(func(*http.Request) any { return map[string]string{"sub": "ada"} }))
	mux.HandleFunc("/auth", func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		nonces.Store(query.Get("state"), query.Get("nonce"))
		http.Redirect(w, r, query.Get("redirect_uri")+"?"+url.Values{"state": {query.Get("state")}, "code": {query.Get("state")}}.Encode(), http.StatusFound)
	})
	mux.HandleFunc("/token", answer(func(r *http.Request) any {
		nonce, _ := nonces.Load(r.FormValue("code"))
		now := time.Now()
		token, _ := jwt.Signed(signer).Claims(map[string]any{
			"iss": server.URL, "sub": "ada", "aud": "meet", "nonce": nonce, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "roles": strings.Repeat("x", padding),
		}).Serialize() //nolint:misspell // the library spells it so
		return map[string]string{"access_token": "x", "token_type": "Bearer", "id_token": token}
	}))
	return server.URL
}

// TestNoHeaderIsTooLongForAProxy signs in and out behind an nginx with its own
// buffers, whatever the length of id tokens and of addresses to return to.
func TestNoHeaderIsTooLongForAProxy(t *testing.T) {
	for _, padding := range []int{10, 1500, 3000, 8000, 100_000} {
		front := process.Free(t)
		list := servers(t, 1, postgres.URL(t), map[string]string{
			"OIDC_OP_URL": wordyProvider(t, padding), "OIDC_RP_CLIENT_ID": "meet", "OIDC_RP_CLIENT_SECRET": "secret-of-the-client", "OIDC_RP_SCOPES": "openid email",
		})
		balance(t, front, list)
		ada := client.New(t, "http://"+front)
		var last *url.URL
		ada.HTTP.CheckRedirect = func(next *http.Request, _ []*http.Request) error {
			if last = next.URL; next.URL.Path == "/logout" || strings.HasPrefix(next.URL.Path, "/deep") {
				return http.ErrUseLastResponse
			}
			return nil
		}
		for range 3 { // attempts that nobody ends pile up in cookies
			begun, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+front+"/api/v1.0/authenticate/?returnTo="+strings.Repeat("/deep", 400), nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := ada.HTTP.Do(begun)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if response.StatusCode != http.StatusFound || !strings.HasPrefix(last.Path, "/deep") {
				t.Fatalf("%d bytes: the sign-in ended with %d at %.100s", padding, response.StatusCode, last)
			}
		}
		ada.Must(http.StatusOK, http.MethodGet, "/users/me/", nil)
		if status, _ := ada.Do(http.MethodGet, "/logout/", nil); status != http.StatusFound || last.Path != "/logout" {
			t.Errorf("%d bytes: the sign-out ended with %d at %.100s", padding, status, last)
		}
		ada.Must(http.StatusUnauthorized, http.MethodGet, "/users/me/", nil)
	}
}
