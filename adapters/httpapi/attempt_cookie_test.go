package httpapi_test

import (
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"meet/domain"
)

func TestTabsThatStartAtOnceDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.People["ada"] = map[string]any{"sub": "123"}
	fresh, b := w.stranger(), w.stranger()
	first, second := fresh.start("/authenticate/?silent=true&returnTo=/room-a"), b.start("/authenticate/?returnTo=/room-b")
	maps.Copy(b.cookies, fresh.cookies) // both answers came to one browser
	if to := b.get("/callback/?error=login_required&state=" + first).header("Location"); to != "/room-a" {
		t.Errorf("the first tab ended at %s", to)
	}
	if to := b.get("/callback/?code=ada&state=" + second).header("Location"); to != "/room-b" {
		t.Errorf("the second tab ended at %s", to)
	}
	if _, kept := b.cookies["meet_sign_in_"+second[:8]]; kept {
		t.Error("the cookie of a trip that ended well is still there")
	}
}

func TestABrowserForgetsTripsThatItNeverEnded(t *testing.T) {
	t.Parallel()
	b := newWorld(t).stranger()
	for range 50 {
		b.start("/authenticate/")
	}
	if len(b.cookies) > 11 {
		t.Errorf("%d cookies", len(b.cookies))
	}
}

// attemptCookie is what the browser keeps of the attempt.
func (b *browser) attemptCookie(state string) (name, value string) {
	name = "meet_sign_in_" + state[:8]
	return name, b.cookies[name]
}

// Browsers drop cookies over 4096 bytes, and proxies refuse headers that are
// much longer than that.
func TestAttemptsFitIntoABrowserAndThroughProxies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.signIn.VerifierSize = 128 })
	w.provider.People["ada"] = map[string]any{"sub": "123"}
	b := w.stranger()
	long := "/" + strings.Repeat(`<>"'&()`, 292)
	var state string
	for range 12 {
		state = b.start("/authenticate/?returnTo=" + url.QueryEscape(long))
		size := 0
		for name, value := range b.cookies {
			if size += len(name) + len(value); len(name)+len(value) > 4000 {
				t.Errorf("a cookie of %d bytes", len(value))
			}
		}
		if size > 4096 {
			t.Errorf("all cookies have %d bytes", size)
		}
	}
	if to := b.get("/callback/?code=ada&state=" + state).header("Location"); to != long {
		t.Errorf("ended at %s", to)
	}
}

func TestAnAttemptIsReadByNobodyAndChangedByNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.signIn.VerifierSize = 64 })
	w.provider.People["ada"] = map[string]any{"sub": "123"}
	b := w.stranger()
	state := b.start("/authenticate/?returnTo=/page")
	name, value := b.attemptCookie(state)
	sealed, err := base64.RawURLEncoding.DecodeString(value)
	attempt := w.provider.Attempts[len(w.provider.Attempts)-1]
	for _, secret := range []string{attempt.Nonce, attempt.Verifier, "/page", state} {
		if err != nil || strings.Contains(string(sealed), secret) || strings.Contains(value, secret) {
			t.Errorf("the cookie tells %q, error %v", secret, err)
		}
	}
	for i := range sealed {
		changed := append([]byte{}, sealed...)
		changed[i] ^= 1
		b.cookies[name] = base64.RawURLEncoding.EncodeToString(changed)
		if to := b.get("/callback/?code=ada&state=" + state).header("Location"); to != "/failure" {
			t.Fatalf("with byte %d changed: ended at %s", i, to)
		}
	}
	other := b.start("/authenticate/")
	_, others := b.attemptCookie(other)
	b.cookies[name] = others // moved to the name of another attempt
	if to := b.get("/callback/?code=ada&state=" + state).header("Location"); to != "/failure" {
		t.Errorf("an exchanged attempt ended at %s", to)
	}
	elsewhere := newWorld(t, func(s *setup) { s.http.Secret = "another secret of tests" }).stranger()
	elsewhere.cookies[name] = value
	if to := elsewhere.get("/callback/?code=ada&state=" + state).header("Location"); to != "/failure" {
		t.Errorf("an attempt of another server ended at %s", to)
	}
}

func TestAnAttemptSignsInOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.People["ada"] = map[string]any{"sub": "123"}
	b := w.stranger()
	state := b.start("/authenticate/")
	kept := maps.Clone(b.cookies)
	b.get("/callback/?code=ada&state="+state).is(302, "")
	b.get("/users/me/").is(200, "-")
	thief := w.stranger()
	thief.cookies = kept
	if to := thief.get("/callback/?code=ada&state=" + state).header("Location"); to != "/failure" || thief.cookies["sessionid"] != "" {
		t.Errorf("a second sign-in by one attempt ended at %s", to)
	}
}

// A code that the provider could not be asked about may still be good.
func TestReloadingWorksOnceTheProviderIsBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.People["ada"] = map[string]any{"sub": "123"}
	b := w.stranger()
	state := b.start("/authenticate/?returnTo=/page")
	w.provider.Err = &domain.Error{Kind: domain.Upstream, Detail: "away"}
	if status := b.get("/callback/?code=ada&state=" + state).status; status != http.StatusBadGateway {
		t.Errorf("got %d", status)
	}
	w.provider.Err = nil
	if to := b.get("/callback/?code=ada&state=" + state).header("Location"); to != "/page" {
		t.Errorf("ended at %s", to)
	}
}
