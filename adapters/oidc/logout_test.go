package oidc_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"meet/adapters/oidc"
	"meet/domain"
)

func (l *liar) notice() map[string]any {
	return map[string]any{
		"iss": l.URL, "aud": clientID, "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(), "jti": "1", "sub": "ada", "sid": "s1",
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}},
	}
}

func TestLogoutTokens(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(map[string]any)
		want   error
	}{
		"as it comes":           {func(map[string]any) {}, nil},
		"audience among others": {func(n map[string]any) { n["aud"] = []string{"x", clientID} }, nil},
		"subject alone":         {func(n map[string]any) { delete(n, "sid") }, nil},
		"session alone":         {func(n map[string]any) { delete(n, "sub") }, nil},
		"neither":               {func(n map[string]any) { delete(n, "sub"); delete(n, "sid") }, domain.ErrLogoutSubject},
		"another issuer":        {func(n map[string]any) { n["iss"] = "https://evil.example" }, domain.ErrLogoutToken},
		"no issuer":             {func(n map[string]any) { delete(n, "iss") }, domain.ErrLogoutToken},
		"another audience":      {func(n map[string]any) { n["aud"] = "x" }, domain.ErrLogoutToken},
		"expired":               {func(n map[string]any) { n["exp"] = time.Now().Add(-2 * time.Minute).Unix() }, domain.ErrLogoutToken},
		"never expires":         {func(n map[string]any) { delete(n, "exp") }, domain.ErrLogoutToken},
		"from the future":       {func(n map[string]any) { n["iat"] = time.Now().Add(2 * time.Minute).Unix() }, domain.ErrLogoutToken},
		"no time of issue":      {func(n map[string]any) { delete(n, "iat") }, domain.ErrLogoutToken},
		"no events":             {func(n map[string]any) { delete(n, "events") }, domain.ErrLogoutToken},
		"events that are none":  {func(n map[string]any) { n["events"] = "x" }, domain.ErrLogoutToken},
		"another event":         {func(n map[string]any) { n["events"] = map[string]any{"x": map[string]any{}} }, domain.ErrLogoutToken},
		"event that is none": {func(n map[string]any) {
			n["events"] = map[string]any{"http://schemas.openid.net/event/backchannel-logout": "x"}
		}, domain.ErrLogoutToken},
		"a nonce, so an id token": {func(n map[string]any) { n["nonce"] = "x" }, domain.ErrLogoutToken},
		"no id":                   {func(n map[string]any) { delete(n, "jti") }, domain.ErrLogoutToken},
		"numeric subject":         {func(n map[string]any) { n["sub"] = 5 }, domain.ErrLogoutToken},
		"numeric id":              {func(n map[string]any) { n["jti"] = 5 }, domain.ErrLogoutToken},
	} {
		l := newLiar(t)
		notice := l.notice()
		c.change(notice)
		got, err := oidc.New(l.config()).VerifyLogoutToken(t.Context(), l.sign(notice))
		if !errors.Is(err, c.want) || (c.want == nil && got.ID != "1") {
			t.Errorf("%s: got %+v, error %v, want %v", name, got, err, c.want)
		}
	}
	l := newLiar(t)
	provider := oidc.New(l.config())
	for name, token := range map[string]string{
		"alg none": unsigned(l.notice()), "nonsense": "abc", "empty": "", "another key": signed(t, jose.RS256, jose.JSONWebKey{Key: otherKey(t), KeyID: "k1"}, l.notice()),
		"HMAC": signed(t, jose.HS256, []byte(secret), l.notice()), "an id token": l.sign(l.claims),
	} {
		if _, err := provider.VerifyLogoutToken(t.Context(), token); !errors.Is(err, domain.ErrLogoutToken) {
			t.Errorf("%s: got %v, want ErrLogoutToken", name, err)
		}
	}
	l.down, l.status = "/keys", 503
	if _, err := oidc.New(l.config()).VerifyLogoutToken(t.Context(), l.sign(l.notice())); domain.KindOf(err) != domain.Upstream {
		t.Errorf("keys away: %v", err)
	}
}

func TestUserinfoFormats(t *testing.T) {
	t.Parallel()
	key := otherKey(t)
	for name, c := range map[string]struct {
		format  string
		kind    string
		claims  map[string]any
		encrypt bool
		wrong   bool // signed by another key
		ok      bool
	}{
		"signed, found out":            {"AUTO", "application/jwt", nil, false, false, true},
		"signed, odd spelling":         {"AUTO", "application/JWT; charset=utf-8", nil, false, false, true},
		"signed, demanded":             {"JWT", "text/plain", nil, false, false, true},
		"signed, not expected":         {"JSON", "application/jwt", nil, false, false, false},
		"plain, but signed demanded":   {"JWT", "plain", nil, false, false, false},
		"encrypted":                    {"AUTO", "application/jwt", nil, true, false, true},
		"signed by another":            {"AUTO", "application/jwt", nil, false, true, false},
		"encrypted, signed by another": {"AUTO", "application/jwt", nil, true, true, false},
		"for another client":           {"AUTO", "application/jwt", map[string]any{"aud": "another"}, false, false, false},
		"of another issuer":            {"AUTO", "application/jwt", map[string]any{"iss": "https://evil.example"}, false, false, false},
		"expired":                      {"AUTO", "application/jwt", map[string]any{"exp": 1}, false, false, false},
		"a replayed id token":          {"AUTO", "application/jwt", map[string]any{"nonce": "nonce"}, false, false, false},
		"about somebody else":          {"AUTO", "application/jwt", map[string]any{"sub": "eve"}, false, false, false},
	} {
		l := newLiar(t)
		claims := map[string]any{"sub": "ada", "email": "ada@example.com"}
		for claim, value := range c.claims {
			claims[claim] = value
		}
		l.userinfo = func(w http.ResponseWriter, _ *http.Request) {
			token := l.sign(claims)
			if c.wrong {
				token = signed(t, jose.RS256, jose.JSONWebKey{Key: otherKey(t), KeyID: "k1"}, claims)
			}
			if c.encrypt {
				encrypter, _ := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.RSA_OAEP, Key: &key.PublicKey}, nil)
				object, _ := encrypter.Encrypt([]byte(token))
				token, _ = object.CompactSerialize()
			}
			w.Header().Set("Content-Type", c.kind)
			if c.kind == "plain" {
				_ = json.NewEncoder(w).Encode(claims)
				return
			}
			_, _ = io.WriteString(w, token)
		}
		identity, err := l.identify(t, func(config *oidc.Config) { config.UserinfoFormat, config.DecryptionKey = c.format, key })
		if (err == nil) != c.ok || (c.ok && identity.Claims["email"] != "ada@example.com") || (!c.ok && !errors.Is(err, domain.ErrSignInRefused)) {
			t.Errorf("%s: got %+v, error %v", name, identity, err)
		}
	}
}

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
