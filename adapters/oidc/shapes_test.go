package oidc_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"meet/adapters/oidc"
	"meet/domain"
)

// Claims that nobody checks may have any shape.
func TestClaimsOfAnyShapeKeepNobodyOut(t *testing.T) {
	t.Parallel()
	shapes := []any{nil, true, 5, -1.5, "", "en_US.UTF-8", []any{}, []any{"x", 5}, map[string]any{}, map[string]any{"x": []any{}}, strings.Repeat("x", 5000), "\x00"}
	l := newLiar(t)
	provider := oidc.New(l.config())
	for _, name := range []string{
		"address", "locale", "email", "email_verified", "amr", "acr", "auth_time", "groups", "updated_at", "phone_number", "phone_number_verified", "birthdate",
		"zoneinfo", "gender", "at_hash", "c_hash", "client_id", "act", "sid", "jti", "name", "given_name", "scope", "realm_access", "typ", "events",
	} {
		for _, shape := range shapes {
			honest := l.claims[name]
			l.claims[name] = shape
			if _, err := provider.Identify(t.Context(), domain.SignInAttempt{Nonce: "nonce"}, "code", "", redirect); err != nil {
				t.Errorf("%s of %v: %v", name, shape, err)
			}
			if l.claims[name] = honest; honest == nil {
				delete(l.claims, name)
			}
		}
	}
}

func TestClaimsThatAreCheckedMustHaveTheirShape(t *testing.T) {
	t.Parallel()
	l := newLiar(t)
	provider := oidc.New(l.config())
	for name, shapes := range map[string][]any{
		"iss": {5, []any{l.URL}, nil, ""}, "sub": {5, []any{"ada"}, nil, "", true}, "aud": {5, nil, map[string]any{}, []any{5, clientID}, []any{}},
		"exp": {"soon", nil, []any{}, true, fmt.Sprint(time.Now().Add(time.Minute).Unix())}, "iat": {"now", nil, []any{}}, "nbf": {"x", []any{}},
		"azp": {5, []any{clientID}}, "nonce": {5, nil, []any{"nonce"}},
	} {
		for _, shape := range shapes {
			honest, there := l.claims[name]
			l.claims[name] = shape
			if _, err := provider.Identify(t.Context(), domain.SignInAttempt{Nonce: "nonce"}, "code", "", redirect); !errors.Is(err, domain.ErrSignInRefused) {
				t.Errorf("%s of %v: %v", name, shape, err)
			}
			if l.claims[name] = honest; !there {
				delete(l.claims, name)
			}
		}
	}
	l.claims["exp"], l.claims["iat"] = float64(time.Now().Add(time.Minute).UnixMilli())/1000, float64(time.Now().UnixMilli())/1000
	if _, err := provider.Identify(t.Context(), domain.SignInAttempt{Nonce: "nonce"}, "code", "", redirect); err != nil {
		t.Errorf("times with fractions: %v", err)
	}
}

// A JSON body is read as JSON, whatever it is called.
func TestAnswersAreReadWhateverTheyAreCalled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ kind, before, after string }{
		"JSON": {"application/json", "", ""}, "with a charset": {"application/json; charset=UTF-8", "", ""}, "odd spelling": {"Application/JSON;Charset=utf8", "", ""},
		"text": {"text/plain", "", ""}, "text with a charset": {"text/plain; charset=iso-8859-1", "", ""}, "HTML": {"text/html", "", ""},
		"form": {"application/x-www-form-urlencoded", "", ""}, "octets": {"application/octet-stream", "", ""}, "none": {"", "", ""}, "broken": {"json;;", "", ""},
		"unknown charset": {"application/json; charset=nonsense", "", ""}, "byte order mark": {"application/json", "\ufeff", ""}, "blank lines": {"application/json", "\r\n ", "\n\n"},
	} {
		l := newLiar(t)
		honest := l.Config.Handler
		l.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			renamed := &renamed{ResponseWriter: w, kind: c.kind, before: c.before}
			honest.ServeHTTP(renamed, r)
			_, _ = io.WriteString(w, c.after)
		})
		if identity, err := l.identify(t); err != nil || identity.Claims["email"] != "ada@example.com" {
			t.Errorf("%s: got %+v, error %v", name, identity, err)
		}
	}
}

// renamed answers with another content type, after a few bytes of its own.
type renamed struct {
	http.ResponseWriter
	kind, before string
}

func (r *renamed) Write(body []byte) (int, error) {
	if r.Header().Get("Content-Type") != r.kind {
		r.Header()["Content-Type"] = []string{r.kind}
		_, _ = io.WriteString(r.ResponseWriter, r.before)
	}
	return r.ResponseWriter.Write(body)
}

func TestMembersOfTheTokenAnswerMayHaveAnyShape(t *testing.T) {
	t.Parallel()
	for name, members := range map[string]map[string]any{
		"life as a text": {"expires_in": "3600"}, "life with a fraction": {"expires_in": 3600.5}, "life that is none": {"expires_in": "soon"}, "endless life": {"expires_in": 1e300},
		"no type": {"token_type": nil}, "type in lower case": {"token_type": "bearer"}, "type in capitals": {"token_type": "BEARER"}, "another type": {"token_type": []any{"DPoP"}},
		"scopes as a list": {"scope": []any{"openid"}}, "no refresh": {"refresh_token": nil}, "odd refresh": {"refresh_token": 5}, "no error": {"error": "", "error_description": nil},
	} {
		l := newLiar(t)
		l.token = func(w http.ResponseWriter, _ *http.Request) {
			answer := map[string]any{"access_token": "at", "token_type": "Bearer", "id_token": l.sign(l.claims)}
			for member, value := range members {
				answer[member] = value
			}
			writeJSON(w, answer)
		}
		if _, err := l.identify(t); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUserinfoMayBeSignedInAnotherAlgorithm(t *testing.T) {
	t.Parallel()
	key := ecKey(t)
	elliptic := func(claims map[string]any) string {
		return signed(t, jose.ES256, jose.JSONWebKey{Key: key, KeyID: "ec"}, claims)
	}
	hmac := func(claims map[string]any) string { return signed(t, jose.HS256, []byte(secret), claims) }
	for name, c := range map[string]struct {
		announced any
		sign      func(map[string]any) string
		kind      string
		change    func(*oidc.Config)
		ok        bool
	}{
		"announced":                   {[]string{"ES256", "none"}, elliptic, "application/jwt", nil, true},
		"announced as a text":         {"ES256", elliptic, "application/jwt", nil, true},
		"nothing announced":           {nil, elliptic, "application/jwt", nil, true},
		"called a text":               {nil, elliptic, "text/plain", nil, true},
		"called JSON":                 {nil, elliptic, "application/json", nil, true},
		"another one announced":       {[]string{"PS256"}, elliptic, "application/jwt", nil, false},
		"named by the setting":        {nil, elliptic, "application/jwt", func(c *oidc.Config) { c.UserinfoAlgorithm = "ES256" }, true},
		"another one named":           {nil, elliptic, "application/jwt", func(c *oidc.Config) { c.UserinfoAlgorithm = "RS256" }, false},
		"none, though announced":      {[]string{"none"}, unsigned, "application/jwt", nil, false},
		"the secret by surprise":      {[]string{"HS256"}, hmac, "application/jwt", nil, false},
		"the secret, named":           {nil, hmac, "application/jwt", func(c *oidc.Config) { c.UserinfoAlgorithm = "HS256" }, true},
		"the secret for the id token": {nil, elliptic, "application/jwt", func(c *oidc.Config) { c.Algorithm = "HS256" }, true},
		"signed by a key of the wrong use": {nil, func(claims map[string]any) string {
			return signed(t, jose.ES256, jose.JSONWebKey{Key: key, KeyID: "other"}, claims)
		}, "application/jwt", nil, false},
	} {
		l := newLiar(t)
		if c.announced != nil {
			l.document["userinfo_signing_alg_values_supported"] = c.announced
		}
		own := l.keys()
		l.keys = func() []jose.JSONWebKey {
			return append(own, jose.JSONWebKey{Key: &key.PublicKey, KeyID: "ec"}, jose.JSONWebKey{Key: &key.PublicKey, KeyID: "other", Use: "enc"})
		}
		l.userinfo = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.kind)
			_, _ = io.WriteString(w, c.sign(map[string]any{"sub": "ada"}))
		}
		_, err := l.identify(t, func(config *oidc.Config) {
			if c.change != nil {
				c.change(config)
			}
			if config.Algorithm == "HS256" {
				l.sign = hmac
			}
		})
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Keys that cannot be used are passed over, one by one.
func TestUnusableKeysArePassedOver(t *testing.T) {
	t.Parallel()
	for name, odd := range map[string]string{
		"another curve":         `{"kty":"EC","crv":"secp256k1","kid":"x","x":"AAAA","y":"AAAA"}`,
		"a point off the curve": `{"kty":"EC","crv":"P-256","kid":"x","x":"AAAA","y":"AAAA"}`,
		"another type":          `{"kty":"AKP","alg":"ML-DSA-44","pub":"AAAA"}`,
		"no type":               `{"kid":"x"}`,
		"a broken modulus":      `{"kty":"RSA","kid":"x","n":"%%%","e":"AQAB"}`,
		"a numeric id":          `{"kty":"RSA","kid":5,"n":"AQAB","e":"AQAB"}`,
		"a shared secret":       `{"kty":"oct","k":"c2VjcmV0"}`,
		"nothing":               `{}`,
	} {
		l := newLiar(t)
		l.Config.Handler = withKeys(l, func(own string) string { return `{"keys":[` + odd + `,` + own + `,` + odd + `]}` })
		if _, err := l.identify(t); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, members := range map[string]string{
		"a broken certificate": `"x5c":["nonsense"],`, "a certificate of another type": `"x5c":5,`, "a broken thumbprint": `"x5t":"AA","x5t#S256":"AA",`, "an odd address": `"x5u":[],`,
	} {
		l := newLiar(t)
		l.Config.Handler = withKeys(l, func(own string) string { return `{"keys":[{` + members + own[1:] + `]}` })
		if _, err := l.identify(t); err != nil {
			t.Errorf("the signing key with %s: %v", name, err)
		}
	}
}

// withKeys is the provider with another document in the place of its keys.
func withKeys(l *liar, document func(own string) string) http.Handler {
	honest := l.Config.Handler
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/keys" {
			honest.ServeHTTP(w, r)
			return
		}
		own, _ := json.Marshal(l.keys()[0])
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, document(string(own)))
	})
}

func TestARefusalNamesWhatToLookAt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lie  func(l *liar)
		want []string
	}{
		"another algorithm": {func(l *liar) {
			l.sign = func(c map[string]any) string {
				return signed(t, jose.RS512, jose.JSONWebKey{Key: l.key, KeyID: "k1"}, c)
			}
		}, []string{"RS512", "OIDC_RP_SIGN_ALGO", "RS256"}},
		"no key": {func(l *liar) { l.keys = func() []jose.JSONWebKey { return nil } }, []string{"RS256", "OIDC_RP_SIGN_ALGO"}},
		"what the provider says": {func(l *liar) {
			l.token = func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, `{"error":"invalid_grant","error_description":"PKCE \n verification failed`+strings.Repeat("!", 5000)+`"}`)
			}
		}, []string{"invalid_grant", "PKCE   verification failed!"}},
		"no id_token": {func(l *liar) {
			l.token = func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, map[string]any{"access_token": "at"}) }
		}, []string{"OIDC_RP_SCOPES", "openid"}},
	} {
		l := newLiar(t)
		c.lie(l)
		_, err := l.identify(t)
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 600 || strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("%s: %v does not name %s", name, err, want)
			}
		}
	}
}

// The id token alone may say that an address is not verified.
func TestWhatTheIDTokenSaysOfTheAddressIsTold(t *testing.T) {
	t.Parallel()
	for claim, want := range map[any]domain.Verification{nil: domain.VerificationUnknown, true: domain.Verified, false: domain.Unverified, "false": domain.Unverified} {
		l := newLiar(t)
		if claim != nil {
			l.claims["email_verified"] = claim
		}
		if identity, err := l.identify(t); err != nil || identity.EmailVerified != want {
			t.Errorf("%v: got %v, error %v", claim, identity.EmailVerified, err)
		}
	}
}
