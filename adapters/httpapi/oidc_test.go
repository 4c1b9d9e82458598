package httpapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"meet/domain"
)

func TestSigningInMakesAUserASessionAndATokenCookie(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.People["ada"] = map[string]any{"sub": "123", "email": "ada@example.com", "given_name": "Ada", "usual_name": "Lovelace"}
	b := w.stranger()
	answer := b.signIn("ada")
	answer.is(302, "")
	if answer.header("Location") != "/home" {
		t.Errorf("ended at %s", answer.header("Location"))
	}
	for _, cookie := range answer.raw.Cookies() {
		switch cookie.Name {
		case "sessionid":
			if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.MaxAge != 43200 || cookie.Secure {
				t.Errorf("session cookie %+v", cookie)
			}
		case "csrftoken":
			if cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.MaxAge != 31449600 || len(cookie.Value) != 32 {
				t.Errorf("csrf cookie %+v", cookie)
			}
		}
	}
	me := b.get("/users/me/").json()
	if me["email"] != "ada@example.com" || me["full_name"] != "Ada Lovelace" || me["short_name"] != "Ada" || me["timezone"] != "UTC" {
		t.Errorf("me is %v", me)
	}
	user, err := w.users.BySub(t.Context(), "123")
	if err != nil || !strings.HasPrefix(user.Password, "!") || len(user.Password) != 41 || user.LastLogin == nil {
		t.Errorf("stored %+v, error %v", user, err)
	}
	w.stranger().signIn("ada")
	if got := strings.Join(w.analytics.Names(), ","); got != "Signed Up,Signed In" || len(w.analytics.Identified) != 2 {
		t.Errorf("analytics: %s, %d identified", got, len(w.analytics.Identified))
	}
}

// proxy is an address that the harness trusts.
const proxy = "10.0.0.1:1234"

func TestAnybodysWordOnHTTPSIsNotTaken(t *testing.T) {
	t.Parallel()
	b := newWorld(t).stranger()
	b.header["X-Forwarded-Proto"] = "https"
	if answer := b.get("/authenticate/"); !strings.Contains(answer.header("Location"), "redirect_uri=http%3A%2F%2Ftestserver") {
		t.Errorf("sent to %s", answer.header("Location"))
	}
}

func TestSecureCookiesOverHTTPS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.People["ada"] = map[string]any{"sub": "123"}
	b := w.stranger()
	b.header["X-Forwarded-Proto"], b.header["Peer"] = "https", proxy
	for _, cookie := range b.signIn("ada").raw.Cookies() {
		if !cookie.Secure {
			t.Errorf("%s is not Secure", cookie.Name)
		}
	}
	b.start("/authenticate/")
	for name := range b.cookies {
		if strings.HasPrefix(name, "__Host-meet_sign_in_") {
			return
		}
	}
	t.Error("the attempt is not a __Host- cookie")
}

func TestWhereABrowserReturnsTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.signIn.Returns.AllowedHosts = []string{"app.example", "app.example:3000"} })
	w.provider.People["ada"] = map[string]any{"sub": "123"}
	for target, safe := range map[string]bool{
		"http://testserver/x": true, "https://testserver/x?a=b#c": true, "/rel": true, "rel": true, "https://app.example/": true,
		"http://app.example:3000/x": true, "//testserver/x": true, " /rel": true, "/a?next=http://evil.example": true,
		"http://evil.example/": false, "//evil.example": false, "///evil.example": false, "////evil.example": false, `\\evil.example`: false,
		`/\evil.example`: false, `/\/evil.example`: false, `\/evil.example`: false, "http://TESTSERVER/x": false, "http://testserver:80/x": false,
		"http://user@testserver/": false, "http://testserver@evil.example/": false, "http:testserver": false, "http:///evil.example": false,
		"http:/evil.example": false, "javascript:alert(1)": false, "JaVaScRiPt:alert(1)": false, "data:text/html,x": false, "ftp://testserver/": false,
		"https://app.example.evil.example/": false, "https://evil.example/app.example": false, "https://app.example:443/": false,
		"http://evil.example\\@testserver/": false, "\thttp://evil.example": false, "\x00//evil.example": false, "/\t/evil.example": false,
		"/\n/evil.example": false, "http://[::1": false, "": false, "/" + strings.Repeat("a", 2048): false, "%0d%0aLocation:x": false,
		"//evil.example%2f@testserver": false, "https:evil.example": false, "https://testserver\\.evil.example/": false, "http://evil.example#@testserver/": false,
		"//testserver\\@evil.example/": false, ".evil.example": true, "@evil.example": true, "http://testserver%2eevil.example/": false,
	} {
		b := w.stranger()
		state := b.start("/authenticate/?returnTo=" + url.QueryEscape(target))
		want := "/home"
		if safe {
			want = target
		}
		if got := b.get("/callback/?code=ada&state=" + state).header("Location"); got != want {
			t.Errorf("%q: ended at %q, want %q", target, got, want)
		}
	}
}

func TestSilentSignInNeverShowsAnError(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.People["ada"] = map[string]any{"sub": "123"}
	for name, c := range map[string]struct{ query, fault string }{
		"login required":       {"error=login_required", ""},
		"interaction required": {"error=interaction_required", ""},
		"unknown code":         {"code=nobody", ""},
		"no code":              {"", ""},
		"provider away":        {"code=ada", "away"},
	} {
		b := w.stranger()
		answer := b.get("/authenticate/?silent=TRUE&returnTo=/page")
		if !strings.Contains(answer.header("Location"), "prompt=none") {
			t.Errorf("%s: sent to %s", name, answer.header("Location"))
		}
		target, _ := url.Parse(answer.header("Location"))
		if c.fault != "" {
			w.provider.Err = &domain.Error{Kind: domain.Upstream, Detail: c.fault}
		}
		answer = b.get("/callback/?" + c.query + "&state=" + target.Query().Get("state"))
		w.provider.Err = nil
		if answer.status != 302 || answer.header("Location") != "/page" || b.cookies["sessionid"] != "" {
			t.Errorf("%s: got %d to %s", name, answer.status, answer.header("Location"))
		}
	}
	w.provider.Err = &domain.Error{Kind: domain.Upstream, Detail: "away"}
	answer := w.stranger().get("/authenticate/?silent=true&returnTo=/page")
	w.provider.Err = nil
	if answer.status != 302 || answer.header("Location") != "/page" {
		t.Errorf("start while the provider is away: %d to %s", answer.status, answer.header("Location"))
	}
	if answer := w.stranger().get("/authenticate/?silent=foo"); strings.Contains(answer.header("Location"), "prompt=none") {
		t.Error("silent=foo is silent")
	}
}

func TestALateCodeStillWorksAfterLoginRequired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.People["ada"] = map[string]any{"sub": "123"}
	b := w.stranger()
	state := b.start("/authenticate/?silent=true")
	b.get("/callback/?error=login_required&state="+state).is(302, "")
	b.get("/callback/?code=ada&state="+state).is(302, "")
	b.get("/users/me/").is(200, "-")
}

func TestAttemptsInSeveralTabsDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.People["ada"] = map[string]any{"sub": "123"}
	b := w.stranger()
	first, silent, second := b.start("/authenticate/?returnTo=/one"), b.start("/authenticate/?silent=true&returnTo=/silent"), b.start("/authenticate/?returnTo=/two")
	for _, c := range []struct{ query, want string }{
		{"code=nobody&state=" + second, "/failure"}, // silence is the other tab's
		{"error=login_required&state=" + silent, "/silent"}, {"code=ada&state=" + first, "/one"},
	} {
		if got := b.get("/callback/?" + c.query).header("Location"); got != c.want {
			t.Errorf("%s: ended at %s, want %s", c.query, got, c.want)
		}
	}
}

func TestCallbacksThatSignNobodyIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.People["ada"] = map[string]any{"sub": "123"}
	for name, play := range map[string]func(b *browser) answer{
		"nothing":       func(b *browser) answer { return b.get("/callback/") },
		"unknown state": func(b *browser) answer { return b.get("/callback/?code=ada&state=unknown") },
		"no state":      func(b *browser) answer { b.start("/authenticate/"); return b.get("/callback/?code=ada") },
		"no code":       func(b *browser) answer { return b.get("/callback/?code=&state=" + b.start("/authenticate/")) },
		"refused by provider": func(b *browser) answer {
			return b.get("/callback/?error=access_denied&state=" + b.start("/authenticate/"))
		},
		"login required, loud": func(b *browser) answer {
			return b.get("/callback/?error=login_required&state=" + b.start("/authenticate/"))
		},
		"login required, unknown": func(b *browser) answer {
			return b.get("/callback/?error=login_required&state=unknown")
		},
		"error and code": func(b *browser) answer {
			return b.get("/callback/?error=access_denied&code=ada&state=" + b.start("/authenticate/"))
		},
		"unknown code": func(b *browser) answer { return b.signIn("nobody") },
		"state of another browser": func(b *browser) answer {
			return b.get("/callback/?code=ada&state=" + w.stranger().start("/authenticate/"))
		},
		"forged browser cookie": func(b *browser) answer {
			state := w.stranger().start("/authenticate/")
			b.cookies["meet_sign_in_"+state[:8]] = strings.Repeat("a", 100)
			return b.get("/callback/?code=ada&state=" + state)
		},
		"replayed state": func(b *browser) answer {
			state := b.start("/authenticate/")
			b.get("/callback/?code=nobody&state=" + state)
			return b.get("/callback/?code=ada&state=" + state)
		},
		"expired state": func(b *browser) answer {
			state := b.start("/authenticate/")
			w.Forward(domain.SignInTTL)
			return b.get("/callback/?code=ada&state=" + state)
		},
		"very long state": func(b *browser) answer { return b.get("/callback/?code=ada&state=" + strings.Repeat("a", 10000)) },
		"NUL in state":    func(b *browser) answer { return b.get("/callback/?code=ada&state=%00") },
	} {
		b := w.stranger()
		answer := play(b)
		if answer.status != 302 || answer.header("Location") != "/failure" || b.cookies["sessionid"] != "" {
			t.Errorf("%s: got %d to %s, cookies %v", name, answer.status, answer.header("Location"), b.cookies)
		}
	}
}

func TestAnErrorOfTheProviderSignsOutOnlyTheBrowserThatAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("ada"))
	b.get("/callback/?error=access_denied&state=made-up").is(302, "")
	b.get("/users/me/").is(200, "-")
	b.get("/callback/?error=access_denied&state="+b.start("/authenticate/")).is(302, "")
	b.get("/users/me/").is(401, "-")
}

func TestAProviderThatIsAwayYieldsAGatewayError(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for kind, status := range map[domain.Kind]int{domain.Upstream: 502, domain.Timeout: 504} {
		b := w.stranger()
		state := b.start("/authenticate/")
		w.provider.Err = fmt.Errorf("call: %w", &domain.Error{Kind: kind, Detail: "The sign-in service does not answer."})
		b.get("/authenticate/").is(status, `{"detail":"The sign-in service does not answer."}`)
		b.header["Accept"] = "text/html"
		answer := b.get("/callback/?code=x&state=" + state)
		w.provider.Err = nil
		if answer.status != status || !strings.Contains(answer.body, "<h1>") {
			t.Errorf("got %d %s", answer.status, answer.body)
		}
	}
}

func TestASessionEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ada := w.user("ada")
	for name, end := range map[string]func(b *browser){
		"with its time": func(*browser) { w.Forward(12 * time.Hour) },
		"when the user is deactivated": func(*browser) {
			_, _ = w.users.Update(t.Context(), ada.ID, func(u *domain.User) error { u.IsActive = false; return nil })
		},
		"with a truncated cookie": func(b *browser) { b.cookies["sessionid"] = b.cookies["sessionid"][:20] },
		"with a forged cookie":    func(b *browser) { b.cookies["sessionid"] = strings.Repeat("A", 43) },
		"with an empty cookie":    func(b *browser) { b.cookies["sessionid"] = "" },
	} {
		b := w.as(ada)
		end(b)
		b.get("/users/me/").is(401, noSession)
		if _, kept := b.cookies["sessionid"]; kept {
			t.Errorf("%s: the cookie was not taken away", name)
		}
		_, _ = w.users.Update(t.Context(), ada.ID, func(u *domain.User) error { u.IsActive = true; return nil })
	}
}

func TestSigningInRotatesTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ada, bob := w.user("ada"), w.user("bob")
	w.provider.People[bob.Sub] = map[string]any{"sub": bob.Sub}
	for _, next := range []domain.User{ada, bob} {
		b := w.as(ada)
		old, token := b.cookies["sessionid"], b.cookies["csrftoken"]
		b.signIn(next.Sub)
		if b.cookies["sessionid"] == old || b.cookies["csrftoken"] == token {
			t.Error("session or token stayed the same")
		}
		if got := b.get("/users/me/").json()["id"]; got != next.ID.String() {
			t.Errorf("signed in as %v", got)
		}
		thief := w.stranger()
		thief.cookies["sessionid"] = old
		thief.get("/users/me/").is(401, "-")
	}
	fixed := w.stranger()
	fixed.cookies["sessionid"] = "chosen-by-an-attacker"
	fixed.signIn(ada.Sub)
	if fixed.cookies["sessionid"] == "chosen-by-an-attacker" {
		t.Error("the session was fixed")
	}
}

func TestOnlyGETStartsAndEndsTheTrip(t *testing.T) {
	t.Parallel()
	b := newWorld(t).stranger()
	for _, path := range []string{"/authenticate/", "/callback/", "/logout-callback/"} {
		for _, method := range []string{"POST", "HEAD", "PUT", "DELETE"} {
			if answer := b.send(method, path, nil); answer.status != 405 || answer.header("Allow") != "GET" {
				t.Errorf("%s %s: got %d, Allow %q", method, path, answer.status, answer.header("Allow"))
			}
		}
	}
}
