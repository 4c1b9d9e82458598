package oidc_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"meet/adapters/oidc"
	"meet/domain"
)

func b64(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func TestAnHonestProviderIsBelieved(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(l *liar) func(*oidc.Config){
		"as it comes": func(*liar) func(*oidc.Config) { return func(*oidc.Config) {} },
		"audience among others": func(l *liar) func(*oidc.Config) {
			l.claims["aud"], l.claims["azp"] = []string{"x", clientID}, clientID
			return func(*oidc.Config) {}
		},
		"expired within leeway": func(l *liar) func(*oidc.Config) {
			l.claims["exp"] = time.Now().Add(-30 * time.Second).Unix()
			return func(*oidc.Config) {}
		},
		"issued within leeway": func(l *liar) func(*oidc.Config) {
			l.claims["iat"] = time.Now().Add(30 * time.Second).Unix()
			return func(*oidc.Config) {}
		},
		"key without an id": func(l *liar) func(*oidc.Config) {
			l.sign = func(c map[string]any) string { return signed(t, jose.RS256, l.key, c) }
			return func(*oidc.Config) {}
		},
		"nonces switched off": func(l *liar) func(*oidc.Config) {
			delete(l.claims, "nonce")
			return func(c *oidc.Config) { c.UseNonce = false }
		},
		"issuer allowed unknown": func(l *liar) func(*oidc.Config) {
			l.claims["iss"] = "https://whoever.example"
			return func(c *oidc.Config) {
				c.Issuer, c.AllowUnknownIssuer = "", true
				c.AuthorizationEndpoint, c.TokenEndpoint, c.UserinfoEndpoint, c.JWKSEndpoint = l.URL+"/auth", l.URL+"/token", l.URL+"/userinfo", l.URL+"/keys"
			}
		},
		"issuer found next to the endpoints": func(l *liar) func(*oidc.Config) {
			l.document["authorization_endpoint"] = l.URL + "/protocol/openid-connect/auth"
			return func(c *oidc.Config) {
				c.Issuer, c.AuthorizationEndpoint = "", l.URL+"/protocol/openid-connect/auth"
				c.TokenEndpoint, c.UserinfoEndpoint, c.JWKSEndpoint = l.URL+"/token", l.URL+"/userinfo", l.URL+"/keys"
			}
		},
		"HS256": func(l *liar) func(*oidc.Config) {
			l.sign = func(c map[string]any) string { return signed(t, jose.HS256, []byte(secret), c) }
			return func(c *oidc.Config) { c.Algorithm = "HS256" }
		},
	} {
		l := newLiar(t)
		identity, err := l.identify(t, prepare(l))
		if err != nil || identity.Subject != "ada" || identity.SID != "s1" || identity.Claims["email"] != "ada@example.com" || strings.Count(identity.IDToken, ".") != 2 {
			t.Errorf("%s: got %+v, error %v", name, identity, err)
		}
	}
}

// Each of these would let somebody in who is not who the token says.
func TestLiesInTheIDTokenSignNobodyIn(t *testing.T) {
	t.Parallel()
	for name, lie := range map[string]func(l *liar){
		"wrong issuer":             func(l *liar) { l.claims["iss"] = "https://evil.example" },
		"issuer with a slash more": func(l *liar) { l.claims["iss"] = l.URL + "/" },
		"no issuer":                func(l *liar) { delete(l.claims, "iss") },
		"wrong audience":           func(l *liar) { l.claims["aud"] = "another" },
		"no audience":              func(l *liar) { delete(l.claims, "aud") },
		"many audiences, no azp":   func(l *liar) { l.claims["aud"] = []string{clientID, "another"} },
		"wrong azp":                func(l *liar) { l.claims["azp"] = "another" },
		"expired":                  func(l *liar) { l.claims["exp"] = time.Now().Add(-2 * time.Minute).Unix() },
		"never expires":            func(l *liar) { delete(l.claims, "exp") },
		"issued in the future":     func(l *liar) { l.claims["iat"] = time.Now().Add(2 * time.Minute).Unix() },
		"no time of issue":         func(l *liar) { delete(l.claims, "iat") },
		"valid in the future":      func(l *liar) { l.claims["nbf"] = time.Now().Add(2 * time.Minute).Unix() },
		"another nonce":            func(l *liar) { l.claims["nonce"] = "SECRET-of-another" },
		"no nonce":                 func(l *liar) { delete(l.claims, "nonce") },
		"no subject":               func(l *liar) { delete(l.claims, "sub") },
		"subject that is no text":  func(l *liar) { l.claims["sub"] = 5 },
		"alg none":                 func(l *liar) { l.sign = unsigned },
		"signature cut off": func(l *liar) {
			honest := l.sign
			l.sign = func(c map[string]any) string { s := honest(c); return s[:strings.LastIndexByte(s, '.')+1] }
		},
		"signed with another key": func(l *liar) {
			key := otherKey(t)
			l.sign = func(c map[string]any) string { return signed(t, jose.RS256, jose.JSONWebKey{Key: key, KeyID: "k1"}, c) }
		},
		"unknown key id": func(l *liar) {
			l.sign = func(c map[string]any) string {
				return signed(t, jose.RS256, jose.JSONWebKey{Key: l.key, KeyID: "k2"}, c)
			}
		},
		"another algorithm": func(l *liar) {
			l.sign = func(c map[string]any) string {
				return signed(t, jose.RS512, jose.JSONWebKey{Key: l.key, KeyID: "k1"}, c)
			}
		},
		"another kind of key": func(l *liar) {
			key := ecKey(t)
			l.sign = func(c map[string]any) string { return signed(t, jose.ES256, jose.JSONWebKey{Key: key, KeyID: "k1"}, c) }
			l.keys = func() []jose.JSONWebKey { return []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "k1"}} }
		},
		"HMAC with the public key": func(l *liar) {
			der, _ := x509.MarshalPKIXPublicKey(&l.key.PublicKey)
			l.sign = func(c map[string]any) string { return signed(t, jose.HS256, der, c) }
		},
		"HMAC with the secret": func(l *liar) {
			l.sign = func(c map[string]any) string { return signed(t, jose.HS256, []byte(secret), c) }
		},
		"key for encryption": func(l *liar) {
			l.keys = func() []jose.JSONWebKey { return []jose.JSONWebKey{{Key: &l.key.PublicKey, KeyID: "k1", Use: "enc"}} }
		},
		"no keys":     func(l *liar) { l.keys = func() []jose.JSONWebKey { return nil } },
		"not a token": func(l *liar) { l.sign = func(map[string]any) string { return "abc" } },
		"no token":    func(l *liar) { l.sign = func(map[string]any) string { return "" } },
		"payload swapped": func(l *liar) {
			honest := l.sign
			l.sign = func(c map[string]any) string {
				parts := strings.Split(honest(c), ".")
				c["sub"] = "eve"
				forged, _ := json.Marshal(c)
				return parts[0] + "." + b64(string(forged)) + "." + parts[2]
			}
		},
		"userinfo of somebody else": func(l *liar) {
			l.userinfo = func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, map[string]any{"sub": "eve"}) }
		},
		"userinfo of nobody": func(l *liar) {
			l.userinfo = func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, map[string]any{}) }
		},
		"userinfo that is a list": func(l *liar) {
			l.userinfo = func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, []string{"x"}) }
		},
		"userinfo null": func(l *liar) {
			l.userinfo = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "null") }
		},
		"userinfo that is no JSON": func(l *liar) {
			l.userinfo = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }
		},
		"userinfo refused": func(l *liar) {
			l.userinfo = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }
		},
		"code refused": func(l *liar) {
			l.token = func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, `{"error":"invalid_grant","error_description":"code \\u001b[31m SECRET-code and secret `+secret+` and more"}`)
			}
		},
		"replayed code, empty success": func(l *liar) {
			l.token = func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, map[string]any{"access_token": "at"}) }
		},
	} {
		l := newLiar(t)
		lie(l)
		identity, err := l.identify(t)
		if !errors.Is(err, domain.ErrSignInRefused) || identity.Subject != "" {
			t.Errorf("%s: got %+v, error %v; want ErrSignInRefused", name, identity, err)
		}
		if err != nil && (strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), secret)) {
			t.Errorf("%s: the error holds a secret: %v", name, err)
		}
	}
}

func TestAProviderThatIsDownOrSlowIsAGatewayError(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/.well-known/openid-configuration", "/token", "/keys", "/userinfo"} {
		for status, kind := range map[int]domain.Kind{500: domain.Upstream, 503: domain.Upstream, 0: domain.Timeout} {
			l := newLiar(t)
			l.down, l.status = path, status
			_, err := l.identify(t, func(c *oidc.Config) { c.Timeout = 200 * time.Millisecond })
			if domain.KindOf(err) != kind || strings.Contains(err.Error(), "code") {
				t.Errorf("%s answers %d: kind %v, error %v", path, status, domain.KindOf(err), err)
			}
		}
	}
	l := newLiar(t)
	l.Close()
	if _, err := l.identify(t); domain.KindOf(err) != domain.Upstream {
		t.Errorf("connection refused: %v", err)
	}
	for name, answer := range map[string]func(w http.ResponseWriter, _ *http.Request){
		"not JSON": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") },
		"endless": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"access_token":"`+strings.Repeat("a", 3<<20)+`"}`)
		},
	} {
		l := newLiar(t)
		l.token = answer
		if _, err := l.identify(t); domain.KindOf(err) != domain.Upstream {
			t.Errorf("token answer %s: %v", name, err)
		}
	}
}

func TestTheProviderMustBeTheConfiguredOne(t *testing.T) {
	t.Parallel()
	l := newLiar(t)
	l.document["issuer"] = "https://evil.example"
	if _, err := l.identify(t); domain.KindOf(err) != domain.Upstream {
		t.Errorf("got %v", err)
	}
	other := newLiar(t)
	delete(other.document, "authorization_endpoint")
	config := other.config()
	config.Issuer, config.AuthorizationEndpoint = "", other.URL+"/auth"
	config.TokenEndpoint, config.UserinfoEndpoint, config.JWKSEndpoint = other.URL+"/token", other.URL+"/userinfo", other.URL+"/keys"
	if err := oidc.New(config).Ready(t.Context()); !errors.Is(err, oidc.ErrNoIssuer) {
		t.Errorf("no issuer to be found: got %v, want ErrNoIssuer", err)
	}
}

func TestMixUpOfProvidersIsNoticed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		announced bool
		iss       string // "=" is the right one
		refused   bool
	}{
		"not announced, absent": {false, "", false}, "not announced, right": {false, "=", false}, "not announced, wrong": {false, "https://evil.example", true},
		"announced, absent": {true, "", true}, "announced, right": {true, "=", false}, "announced, wrong": {true, "https://evil.example", true},
	} {
		l := newLiar(t)
		l.document["authorization_response_iss_parameter_supported"] = c.announced
		iss := strings.Replace(c.iss, "=", l.URL, 1)
		_, err := oidc.New(l.config()).Identify(t.Context(), domain.SignInAttempt{Nonce: "nonce"}, "code", iss, redirect)
		if errors.Is(err, domain.ErrSignInRefused) != c.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeysAndMetadataAreAskedForOnce(t *testing.T) {
	t.Parallel()
	l := newLiar(t)
	provider := oidc.New(l.config())
	for range 3 {
		if _, err := provider.Identify(t.Context(), domain.SignInAttempt{Nonce: "nonce"}, "SECRET-code", "", redirect); err != nil {
			t.Fatal(err)
		}
	}
	if got := l.asked.Load(); got != 2+3*2 { // metadata and keys once, token and userinfo each time
		t.Errorf("%d requests", got)
	}
}
