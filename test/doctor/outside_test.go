package doctor

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"meet/domain"
	media "meet/test/livekit"
	"meet/test/process"
)

// liar passes everything on, but for what edit changes in the answers; the
// target's address in them becomes its own.
func liar(t *testing.T, target string, edit func(path string, header http.Header, body string) string) string {
	t.Helper()
	to, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	var own string
	p := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) },
		ModifyResponse: func(response *http.Response) error {
			body, err := io.ReadAll(response.Body)
			if err != nil {
				return err
			}
			text := edit(response.Request.URL.Path, response.Header, strings.ReplaceAll(string(body), target, own))
			response.Body, response.ContentLength = io.NopCloser(bytes.NewBufferString(text)), int64(len(text))
			response.Header.Set("Content-Length", strconv.Itoa(len(text)))
			return nil
		},
	}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	own = server.URL
	return own
}

// late is a clock that is off by so much.
func late(by time.Duration) func(string, http.Header, string) string {
	return func(_ string, header http.Header, body string) string {
		header.Set("Date", time.Now().Add(by).UTC().Format(http.TimeFormat))
		return body
	}
}

func swapped(old, other string) func(string, http.Header, string) string {
	return func(_ string, _ http.Header, body string) string { return strings.Replace(body, old, other, 1) }
}

func providers() []setUp {
	return []setUp{
		{name: "nobody listens", check: "oidc.discovery", status: domain.Broken, mend: []string{"OIDC_OP_URL"},
			make: func(t *testing.T, _ *world, env map[string]string) { env["OIDC_OP_URL"] = "http://" + process.Free(t) }},
		{name: "nobody listens, and every address is configured", check: "oidc.discovery", status: domain.Doubtful, mend: []string{"OIDC_OP_URL", "iss"},
			make: func(t *testing.T, w *world, env map[string]string) {
				env["OIDC_OP_URL"] = "http://" + process.Free(t)
				env["OIDC_OP_AUTHORIZATION_ENDPOINT"], env["OIDC_OP_TOKEN_ENDPOINT"] = w.idp+"/authorize", w.idp+"/oauth/token"
				env["OIDC_OP_USER_ENDPOINT"], env["OIDC_OP_JWKS_ENDPOINT"] = w.idp+"/userinfo", w.idp+"/keys"
			}},
		{name: "no issuer to be found", env: vars{"OIDC_OP_URL": "-"}, check: "oidc.discovery", status: domain.Broken, mend: []string{"OIDC_OP_URL"},
			make: func(_ *testing.T, w *world, env map[string]string) {
				env["OIDC_OP_AUTHORIZATION_ENDPOINT"] = w.idp + "/nothing/to/authorize"
			}},
		{name: "a final slash too many", check: "oidc.discovery", status: domain.Broken, mend: []string{"OIDC_OP_URL", "slash"},
			make: func(_ *testing.T, w *world, env map[string]string) { env["OIDC_OP_URL"] = w.idp + "/" }},
		{name: "the wrong realm", check: "oidc.discovery", status: domain.Broken, mend: []string{"OIDC_OP_URL"},
			make: func(_ *testing.T, w *world, env map[string]string) { env["OIDC_OP_URL"] = w.idp + "/realms/none" }},
		{name: "any issuer believed", check: "oidc.discovery", status: domain.Doubtful, mend: []string{"OIDC_OP_URL", "OIDC_ALLOW_UNKNOWN_ISSUER"},
			env: vars{"OIDC_OP_URL": "-", "OIDC_ALLOW_UNKNOWN_ISSUER": "true"},
			make: func(_ *testing.T, w *world, env map[string]string) {
				env["OIDC_OP_AUTHORIZATION_ENDPOINT"], env["OIDC_OP_TOKEN_ENDPOINT"] = w.idp+"/authorize", w.idp+"/oauth/token"
				env["OIDC_OP_USER_ENDPOINT"], env["OIDC_OP_JWKS_ENDPOINT"] = w.idp+"/userinfo", w.idp+"/keys"
			}},
		{name: "an algorithm that nobody signs with", env: vars{"OIDC_RP_SIGN_ALGO": "ES256"}, check: "oidc.algorithm", status: domain.Broken, mend: []string{"OIDC_RP_SIGN_ALGO"}},
		{name: "keys for another algorithm", env: vars{"OIDC_RP_SIGN_ALGO": "ES256"}, check: "oidc.keys", status: domain.Broken, mend: []string{"OIDC_RP_SIGN_ALGO", "OIDC_OP_JWKS_ENDPOINT"}},
		{name: "keys that are elsewhere", check: "oidc.keys", status: domain.Broken, mend: []string{"OIDC_OP_JWKS_ENDPOINT"},
			make: func(_ *testing.T, w *world, env map[string]string) { env["OIDC_OP_JWKS_ENDPOINT"] = w.idp + "/nothing" }},
		{name: "an endpoint that the provider does not name", check: "oidc.endpoints", status: domain.Doubtful, mend: []string{"OIDC_OP_TOKEN_ENDPOINT"},
			make: func(_ *testing.T, w *world, env map[string]string) { env["OIDC_OP_TOKEN_ENDPOINT"] = w.idp + "/token" }},
		{name: "a token endpoint that is none", check: "oidc.client", status: domain.Broken, mend: []string{"OIDC_OP_TOKEN_ENDPOINT"},
			make: func(_ *testing.T, w *world, env map[string]string) { env["OIDC_OP_TOKEN_ENDPOINT"] = w.idp + "/token" }},
		{name: "an unregistered redirect URI", url: "https://meet.invalid", check: "oidc.redirect", status: domain.Broken,
			mend: []string{"register https://meet.invalid/api/v1.0/callback/"}},
		{name: "an unknown client", env: vars{"OIDC_RP_CLIENT_ID": "stranger"}, check: "oidc.redirect", status: domain.Broken, mend: []string{"OIDC_RP_CLIENT_ID"}},
		{name: "no openid", env: vars{"OIDC_RP_SCOPES": "email"}, check: "oidc.scopes", status: domain.Broken, mend: []string{"OIDC_RP_SCOPES", "openid"}},
		{name: "a place to come back to after signing out that is not registered", url: "https://meet.invalid", check: "oidc.logout", status: domain.Doubtful,
			mend: []string{"register https://meet.invalid/api/v1.0/logout-callback/"}},
		{name: "the certificate is not checked", env: vars{"OIDC_VERIFY_SSL": "false"}, check: "oidc.https", status: domain.Doubtful, mend: []string{"OIDC_VERIFY_SSL"}},
		{name: "browsers sign in without encryption", env: vars{"OIDC_OP_AUTHORIZATION_ENDPOINT": "http://id.invalid/authorize"}, check: "oidc.https", status: domain.Broken,
			mend: []string{"https", "OIDC_OP_AUTHORIZATION_ENDPOINT"}},
	}
}

// lying makes OIDC_OP_URL lead to a liar in front of the provider.
func lying(edit func(string, http.Header, string) string) func(*testing.T, *world, map[string]string) {
	return func(t *testing.T, w *world, env map[string]string) { env["OIDC_OP_URL"] = liar(t, w.idp, edit) }
}

// answering makes one endpoint of the provider answer so.
func answering(variable string, handler http.HandlerFunc) func(*testing.T, *world, map[string]string) {
	return func(t *testing.T, _ *world, env map[string]string) {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		env[variable] = server.URL + "/endpoint"
	}
}

func complaining(status int, complaint string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"error": %q}`, complaint)
	}
}

// sendingBack redirects to the client with an error, as RFC 6749 has it.
func sendingBack(complaint string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Query().Get("redirect_uri")+"?error="+complaint, http.StatusFound)
	}
}

// keycloakRefuses is Keycloak's error page, whose links name the client and
// the redirect URI whatever is wrong.
func keycloakRefuses(why string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html;charset=utf-8")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `<!DOCTYPE html><html><head><script>const next = "?client_id=meet&redirect_uri=x";</script></head>
			<body><a href="/realms/meet/login-actions/restart?client_id=meet&amp;redirect_uri=x">English</a>
			<div id="kc-error-message"><p class="instruction">`+why+`</p></div></body></html>`)
	}
}

func lyingProviders() []setUp {
	return []setUp{
		{name: "another issuer", check: "oidc.discovery", status: domain.Broken, mend: []string{"OIDC_OP_URL", "https://id.invalid"},
			make: lying(func(path string, _ http.Header, body string) string {
				if strings.HasPrefix(path, "/.well-known/") {
					start := strings.Index(body, `"issuer":"`) + len(`"issuer":"`)
					return body[:start] + "https://id.invalid" + body[start+strings.Index(body[start:], `"`):]
				}
				return body
			})},
		{name: "another challenge method", check: "oidc.pkce", status: domain.Broken, mend: []string{"OIDC_PKCE_CODE_CHALLENGE_METHOD"}, make: lying(swapped(`"S256"`, `"plain"`))},
		{name: "a clock 45 seconds late", check: "oidc.clock", status: domain.Doubtful, mend: []string{"NTP"}, make: lying(late(-45 * time.Second))},
		{name: "a clock two minutes early", check: "oidc.clock", status: domain.Broken, mend: []string{"NTP"}, make: lying(late(2 * time.Minute))},
		{name: "a wrong secret", check: "oidc.client", status: domain.Broken, mend: []string{"OIDC_RP_CLIENT_SECRET", "OIDC_TOKEN_USE_BASIC_AUTH"},
			make: answering("OIDC_OP_TOKEN_ENDPOINT", complaining(http.StatusUnauthorized, "invalid_client"))},
		{name: "no code flow", check: "oidc.client", status: domain.Broken, mend: []string{"authorization code flow"},
			make: answering("OIDC_OP_TOKEN_ENDPOINT", complaining(http.StatusBadRequest, "unauthorized_client"))}, //nolint:misspell // RFC 6749 spells it so
		{name: "a scope too many", check: "oidc.redirect", status: domain.Broken, mend: []string{"OIDC_RP_SCOPES"},
			make: answering("OIDC_OP_AUTHORIZATION_ENDPOINT", sendingBack("invalid_scope"))},
		{name: "a page that may be anything", check: "oidc.redirect", status: domain.Unexamined,
			make: answering("OIDC_OP_AUTHORIZATION_ENDPOINT", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<h1>Sign in</h1>") })},
		{name: "somebody in between", check: "oidc.redirect", status: domain.Unexamined,
			make: answering("OIDC_OP_AUTHORIZATION_ENDPOINT", complaining(http.StatusForbidden, "robots"))},
		{name: "a refusal without a reason", check: "oidc.redirect", status: domain.Broken, mend: []string{"register", "OIDC_RP_CLIENT_ID"},
			make: answering("OIDC_OP_AUTHORIZATION_ENDPOINT", complaining(http.StatusBadRequest, "sorry"))},
		{name: "a failure nobody knows", check: "oidc.redirect", status: domain.Broken, mend: []string{"log"},
			make: answering("OIDC_OP_AUTHORIZATION_ENDPOINT", sendingBack("temporarily_unavailable"))},
		{name: "an invalid request", check: "oidc.redirect", status: domain.Broken, mend: []string{"OIDC_USE_PKCE"},
			make: answering("OIDC_OP_AUTHORIZATION_ENDPOINT", sendingBack("invalid_request"))},
		{name: "PKCE wanted, as Keycloak says it", check: "oidc.redirect", status: domain.Broken, mend: []string{"set OIDC_USE_PKCE=true"}, env: vars{"OIDC_USE_PKCE": "false"},
			make: answering("OIDC_OP_AUTHORIZATION_ENDPOINT", sendingBack("invalid_request&error_description=Missing+parameter%3A+code_challenge_method"))},
		{name: "an unregistered redirect URI, as Keycloak says it", check: "oidc.redirect", status: domain.Broken, mend: []string{"register ", "redirect URI"},
			make: answering("OIDC_OP_AUTHORIZATION_ENDPOINT", keycloakRefuses("Invalid parameter: redirect_uri"))},
		{name: "an unknown client, as Keycloak says it", check: "oidc.redirect", status: domain.Broken, mend: []string{"OIDC_RP_CLIENT_ID"},
			make: answering("OIDC_OP_AUTHORIZATION_ENDPOINT", keycloakRefuses("Client not found."))},
		{name: "a document for many tenants", check: "oidc.discovery", status: domain.Broken, mend: []string{"tenant", "OIDC_OP_URL"},
			make: lying(func(path string, _ http.Header, body string) string {
				return strings.Replace(body, `"issuer":"`, `"issuer":"https://login.invalid/{tenantid}/v2.0","was":"`, 1)
			})},
		{name: "only private_key_jwt", check: "oidc.discovery", status: domain.Broken, mend: []string{"OIDC_RP_PRIVATE_KEY_STR"},
			make: lying(func(path string, _ http.Header, body string) string {
				return strings.NewReplacer("client_secret_basic", "private_key_jwt", "client_secret_post", "private_key_jwt").Replace(body)
			})},
	}
}

func mediaServers() []setUp {
	return []setUp{
		{name: "nobody listens", check: "livekit.server", status: domain.Broken, mend: []string{"LIVEKIT_API_URL"},
			make: func(t *testing.T, _ *world, env map[string]string) {
				env["LIVEKIT_API_URL"] = "ws://" + process.Free(t)
			}},
		{name: "something else listens", check: "livekit.server", status: domain.Broken, mend: []string{"LIVEKIT_API_URL", "/twirp/"},
			make: func(_ *testing.T, w *world, env map[string]string) { env["LIVEKIT_API_URL"] = w.idp }},
		{name: "a wrong secret", env: vars{"LIVEKIT_API_SECRET": "hidden-secret-that-is-long-enough-for-all"}, check: "livekit.keys", status: domain.Broken,
			mend: []string{"LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"}},
		{name: "an unknown key", env: vars{"LIVEKIT_API_KEY": "stranger"}, check: "livekit.keys", status: domain.Broken, mend: []string{"LIVEKIT_API_KEY"}},
		{name: "a short secret", env: vars{"LIVEKIT_API_SECRET": "hidden-short"}, check: "livekit.secret", status: domain.Doubtful, mend: []string{"LIVEKIT_API_SECRET"}},
		{name: "a query", check: "livekit.url", status: domain.Doubtful, mend: []string{"LIVEKIT_API_URL"},
			make: func(_ *testing.T, w *world, env map[string]string) {
				env["LIVEKIT_API_URL"] = w.env["LIVEKIT_API_URL"] + "?x=1"
			}},
		{name: "a clock two minutes late", check: "livekit.clock", status: domain.Broken, mend: []string{"NTP"},
			make: func(t *testing.T, w *world, env map[string]string) {
				env["LIVEKIT_API_URL"] = liar(t, w.env["LIVEKIT_API_URL"], late(-2*time.Minute))
			}},
		{name: "no webhook", check: "livekit.webhook", status: domain.Broken, mend: []string{"/api/v1.0/rooms/webhooks-livekit/", "webhook.urls", "LIVEKIT_API_KEY"},
			make: func(t *testing.T, _ *world, env map[string]string) {
				for name, value := range media.Start(t, "", "").Env() {
					env[name] = value
				}
			}},
		{name: "a webhook past the proxy", check: "livekit.webhook", status: domain.Broken, mend: []string{"webhook.urls", "plain http"},
			make: func(t *testing.T, w *world, env map[string]string) {
				for name, value := range media.Start(t, "http://"+w.app+"/api/v1.0/rooms/webhooks-livekit/", "").Env() {
					env[name] = value
				}
			}},
	}
}
