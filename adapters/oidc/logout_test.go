package oidc_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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
	l.down = "/keys"
	for _, l.status = range []int{http.StatusServiceUnavailable, http.StatusNotFound, http.StatusNoContent} {
		if _, err := oidc.New(l.config()).VerifyLogoutToken(t.Context(), l.sign(l.notice())); domain.KindOf(err) != domain.Upstream {
			t.Errorf("keys answer %d: %v", l.status, err)
		}
	}
}

// A token is remembered until it expires, so none may live for ever.
func TestLogoutTokensTellHowLongTheyAreToBeRemembered(t *testing.T) {
	t.Parallel()
	l := newLiar(t)
	provider, notice := oidc.New(l.config()), l.notice()
	expiry := time.Now().Add(30 * 24 * time.Hour).Truncate(time.Second)
	notice["exp"] = expiry.Unix()
	if got, err := provider.VerifyLogoutToken(t.Context(), l.sign(notice)); err != nil || got.ExpiresAt.Before(expiry.Add(time.Minute)) {
		t.Errorf("expires %v, error %v", got.ExpiresAt, err)
	}
	for _, exp := range []any{time.Now().AddDate(2, 0, 0).Unix(), 1e15, 1e300, -5, "soon", nil} {
		notice["exp"] = exp
		if _, err := provider.VerifyLogoutToken(t.Context(), l.sign(notice)); !errors.Is(err, domain.ErrLogoutToken) {
			t.Errorf("exp %v: %v", exp, err)
		}
	}
}

func TestTokensOfAnotherKindAreRefused(t *testing.T) {
	t.Parallel()
	l := newLiar(t)
	key := jose.JSONWebKey{Key: l.key, KeyID: "k1"}
	provider := oidc.New(l.config())
	for kind, ok := range map[string]bool{
		"": true, "JWT": true, "jwt": true, "logout+jwt": true, "application/logout+jwt": true, "Logout+JWT": true,
		"at+jwt": false, "application/at+jwt": false, "id_token+jwt": false, "secevent+jwt": false, "nonsense": false,
	} {
		_, err := provider.VerifyLogoutToken(t.Context(), typed(t, kind, jose.RS256, key, l.notice()))
		if ok != (err == nil) || !ok && !errors.Is(err, domain.ErrLogoutToken) {
			t.Errorf("logout token of type %q: %v", kind, err)
		}
	}
	for kind, ok := range map[string]bool{"": true, "JWT": true, "at+jwt": false, "application/logout+jwt": false} {
		l.sign = func(c map[string]any) string { return typed(t, kind, jose.RS256, key, c) }
		if _, err := l.identify(t); ok != (err == nil) {
			t.Errorf("id token of type %q: %v", kind, err)
		}
	}
}

// Strangers who send made-up tokens do not make us ask for the keys each time.
func TestMadeUpLogoutTokensCauseOneDownload(t *testing.T) {
	t.Parallel()
	l := newLiar(t)
	provider, eve := oidc.New(l.config()), otherKey(t)
	if _, err := provider.Identify(t.Context(), domain.SignInAttempt{Nonce: "nonce"}, "code", "", redirect); err != nil {
		t.Fatal(err)
	}
	l.down, l.status = "/.well-known/openid-configuration", http.StatusServiceUnavailable
	away, seen := oidc.New(l.config()), l.asked.Load()
	for range 60 {
		if _, err := away.VerifyLogoutToken(t.Context(), "made up"); domain.KindOf(err) != domain.Upstream {
			t.Fatal(err)
		}
	}
	if asked := l.asked.Load() - seen; asked > 2 {
		t.Errorf("a provider that is away was looked for %d times", asked)
	}
	before := l.asked.Load()
	for i := range 60 {
		for _, id := range []string{"k1", fmt.Sprint("made-up-", i), ""} {
			token := signed(t, jose.RS256, jose.JSONWebKey{Key: eve, KeyID: id}, l.notice())
			if _, err := provider.VerifyLogoutToken(t.Context(), token); !errors.Is(err, domain.ErrLogoutUnverified) {
				t.Fatal(err)
			}
		}
	}
	old := l.sign(l.notice())
	renewed := otherKey(t)
	l.keys = func() []jose.JSONWebKey { return []jose.JSONWebKey{{Key: &renewed.PublicKey, KeyID: "k2"}} }
	genuine := signed(t, jose.RS256, jose.JSONWebKey{Key: renewed, KeyID: "k2"}, l.notice())
	if _, err := provider.VerifyLogoutToken(t.Context(), genuine); !errors.Is(err, domain.ErrLogoutUnverified) {
		t.Errorf("a token of a new key: %v", err)
	}
	if asked := l.asked.Load() - before; asked > 1 {
		t.Errorf("the keys were downloaded %d times", asked)
	}
	if _, err := provider.VerifyLogoutToken(t.Context(), old); err != nil {
		t.Errorf("an honest token in between: %v", err)
	}
}

// The time that a download may take is not the time of each who waits for it.
func TestNobodyWaitsForKeysLongerThanTheRequest(t *testing.T) {
	t.Parallel()
	l := newLiar(t)
	config := l.config()
	config.Timeout = time.Hour
	provider := oidc.New(config)
	if err := provider.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.down = "/keys"
	hurried, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := provider.Identify(hurried, domain.SignInAttempt{Nonce: "nonce"}, "code", "", redirect); domain.KindOf(err) != domain.Upstream {
		t.Errorf("sign-in: %v", err)
	}
	if _, err := provider.VerifyLogoutToken(hurried, l.sign(l.notice())); domain.KindOf(err) != domain.Upstream {
		t.Errorf("logout token: %v", err)
	}
}
