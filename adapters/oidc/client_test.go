package oidc_test

import (
	"crypto"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"meet/adapters/oidc"
	"meet/domain"
)

func TestWhereTheBrowserIsSent(t *testing.T) {
	t.Parallel()
	l := newLiar(t)
	config := l.config()
	config.ExtraParams = map[string]string{"acr_values": "eidas1", "prompt": "select_account"}
	attempt := domain.SignInAttempt{State: "st", Nonce: "no", Verifier: strings.Repeat("v", 43), Silent: true}
	target, err := oidc.New(config).AuthorizationURL(t.Context(), attempt, redirect, "ada@example.com")
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"response_type": "code", "client_id": clientID, "redirect_uri": redirect, "state": "st", "nonce": "no", "scope": "openid email",
		"acr_values": "eidas1", "prompt": "none", "login_hint": "ada@example.com", "code_challenge_method": "S256",
	} {
		if got := parsed.Query().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if strings.Contains(target, attempt.Verifier) {
		t.Error("the verifier is in the address")
	}
	out, err := oidc.New(config).EndSessionURL(t.Context(), "the-id-token", "st", "https://meet.example/out")
	if want := l.URL + "/logout?id_token_hint=the-id-token&post_logout_redirect_uri=https%3A%2F%2Fmeet.example%2Fout&state=st&x=y"; err != nil || out != want {
		t.Errorf("got %s, error %v, want %s", out, err, want)
	}
}

// An id token that is too long for the buffers of proxies is left out.
func TestTheWayOutIsShortEnoughForProxies(t *testing.T) {
	t.Parallel()
	l := newLiar(t)
	provider := oidc.New(l.config())
	for size, hinted := range map[int]bool{10: true, 2500: true, 3000: false, 8000: false, 100000: false} {
		token := strings.Repeat("t", size)
		target, err := provider.EndSessionURL(t.Context(), token, "st", "https://meet.example/api/v1.0/logout-callback/")
		if err != nil || len(target) > 3<<10 || strings.Contains(target, token) != hinted || !hinted && !strings.Contains(target, "client_id=meet") {
			t.Errorf("%d bytes: an address of %d, error %v", size, len(target), err)
		}
	}
}

// Nobody is sent to a provider that does not know the session.
func TestASessionOfAFormerProviderEndsHere(t *testing.T) {
	t.Parallel()
	l := newLiar(t)
	provider := oidc.New(l.config())
	for issuer, known := range map[string]bool{l.URL: true, "https://former.example": false} {
		l.claims["iss"] = issuer
		target, err := provider.EndSessionURL(t.Context(), l.sign(l.claims), "st", "https://meet.example/out")
		if err != nil || (target != "") != known {
			t.Errorf("%s: sent to %q, error %v", issuer, target, err)
		}
	}
}

func TestHowTheClientAuthenticates(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		supported []string
		forced    bool
		basic     bool
	}{
		"nothing announced": {nil, false, false}, "both": {[]string{"client_secret_basic", "client_secret_post"}, false, false},
		"basic only": {[]string{"client_secret_basic"}, false, true}, "forced": {nil, true, true},
	} {
		l := newLiar(t)
		if c.supported != nil {
			l.document["token_endpoint_auth_methods_supported"] = c.supported
		}
		honest := l.token
		l.token = func(w http.ResponseWriter, r *http.Request) {
			_, _, basic := r.BasicAuth()
			if inForm := r.PostFormValue("client_secret") != ""; basic != c.basic || inForm == c.basic {
				t.Errorf("%s: basic %v, in the form %v", name, basic, inForm)
			}
			honest(w, r)
		}
		if _, err := l.identify(t, func(config *oidc.Config) { config.BasicAuth = c.forced }); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The provider knows the public part of our key (RFC 7523).
func TestTheClientMayAuthenticateByAPrivateKey(t *testing.T) {
	t.Parallel()
	key := otherKey(t)
	elliptic := ecKey(t)
	only := []string{"private_key_jwt"}
	for name, c := range map[string]struct {
		announced  []string
		algorithms []string
		key        any
		change     func(*oidc.Config)
		want       jose.SignatureAlgorithm // "" when the secret is sent
	}{
		"nothing else is taken":        {only, nil, key, nil, jose.RS256},
		"with the announced algorithm": {only, []string{"PS256"}, key, nil, jose.PS256},
		"with an elliptic key":         {only, nil, elliptic, nil, jose.ES256},
		"there is no secret":           {nil, nil, key, func(c *oidc.Config) { c.ClientSecret = "" }, jose.RS256},
		"by configuration":             {nil, nil, key, func(c *oidc.Config) { c.ClientKeyOnly = true }, jose.RS256},
		"the secret is taken as well":  {[]string{"private_key_jwt", "client_secret_post"}, nil, key, nil, ""},
	} {
		l := newLiar(t)
		if c.announced != nil {
			l.document["token_endpoint_auth_methods_supported"] = c.announced
		}
		l.document["token_endpoint_auth_signing_alg_values_supported"] = c.algorithms
		honest, seen := l.token, ""
		l.token = func(w http.ResponseWriter, r *http.Request) {
			seen = r.PostFormValue("client_assertion")
			if inForm := r.PostFormValue("client_secret") != ""; inForm != (c.want == "") {
				t.Errorf("%s: the secret is sent: %v", name, inForm)
			}
			honest(w, r)
		}
		_, err := l.identify(t, func(config *oidc.Config) {
			config.ClientKey = &jose.JSONWebKey{Key: c.key, KeyID: "ours"}
			if c.change != nil {
				c.change(config)
			}
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if c.want != "" {
			checkAssertion(t, name, seen, c.want, c.key, l.URL+"/token")
		}
	}
}

func checkAssertion(t *testing.T, name, assertion string, algorithm jose.SignatureAlgorithm, key any, audience string) {
	t.Helper()
	parsed, err := jwt.ParseSigned(assertion, []jose.SignatureAlgorithm{algorithm})
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	var claims jwt.Claims
	signer, _ := key.(crypto.Signer)
	if err := parsed.Claims(signer.Public(), &claims); err != nil || parsed.Headers[0].KeyID != "ours" {
		t.Errorf("%s: error %v, header %+v", name, err, parsed.Headers[0])
	}
	err = claims.Validate(jwt.Expected{Issuer: clientID, Subject: clientID, AnyAudience: jwt.Audience{audience}})
	if err != nil || claims.ID == "" || claims.Expiry == nil || claims.IssuedAt == nil {
		t.Errorf("%s: error %v, claims %+v", name, err, claims)
	}
}

func TestAMethodThatWeCannotDoIsNamed(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]string{"private_key_jwt": "OIDC_RP_PRIVATE_KEY_STR", "tls_client_auth": "tls_client_auth"} {
		l := newLiar(t)
		l.document["token_endpoint_auth_methods_supported"] = []string{method}
		if _, err := l.identify(t); domain.KindOf(err) != domain.Upstream || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", method, err)
		}
	}
}
