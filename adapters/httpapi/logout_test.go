package httpapi_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"meet/domain"
)

func TestSigningOutWithoutAPlaceAtTheProviderIsLocal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("ada"))
	old := b.cookies["sessionid"]
	answer := b.get("/logout/")
	if answer.status != 302 || answer.header("Location") != "/bye" || b.cookies["sessionid"] != "" {
		t.Errorf("got %d to %s, cookies %v", answer.status, answer.header("Location"), b.cookies)
	}
	b.cookies["sessionid"] = old
	b.get("/users/me/").is(401, "-")
	if got := strings.Join(w.analytics.Names(), ","); got != "Signed In,Signed Out" {
		t.Errorf("analytics: %s", got)
	}
}

func TestStrangersAreSentOnByEveryLogout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{"/logout/", "/logout-callback/", "/logout-callback/?state=x"} {
		if answer := w.stranger().get(path); answer.status != 302 || answer.header("Location") != "/bye" {
			t.Errorf("%s: got %d to %s", path, answer.status, answer.header("Location"))
		}
	}
}

// The provider may never send the browser back.
func TestOurSessionEndsBeforeTheBrowserLeaves(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"GET", "POST"} {
		w := newWorld(t)
		w.provider.EndSession = "https://idp.example/logout"
		b := w.as(w.user("ada"))
		old := b.cookies["sessionid"]
		answer := b.send(method, "/logout/", nil)
		target, err := url.Parse(answer.header("Location"))
		if err != nil || answer.status != 302 || target.Host != "idp.example" {
			t.Fatalf("got %d to %v, error %v", answer.status, target, err)
		}
		query := target.Query()
		if query.Get("id_token_hint") != "id-token-of-sub-ada" || query.Get("post_logout_redirect_uri") != "http://testserver/api/v1.0/logout-callback/" || len(query.Get("state")) != 32 {
			t.Errorf("%s: sent with %v", method, query)
		}
		if b.cookies["sessionid"] != "" {
			t.Errorf("%s: the cookie is still there", method)
		}
		b.cookies["sessionid"] = old
		b.get("/users/me/").is(401, "-")
		if answer := b.get("/logout-callback/?state=" + query.Get("state")); answer.status != 302 || answer.header("Location") != "/bye" {
			t.Errorf("%s: came back to %d, %s", method, answer.status, answer.header("Location"))
		}
		if answer := b.get("/logout/"); answer.header("Location") != "/bye" {
			t.Errorf("%s: a second sign-out ended at %s", method, answer.header("Location"))
		}
	}
}

// Anybody can link to the place to which providers send browsers back.
func TestNobodyIsSignedOutByComingBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("ada"))
	for _, query := range []string{"", "?state=", "?state=unknown", "?state=" + strings.Repeat("x", 32)} {
		if answer := b.get("/logout-callback/" + query); answer.status != 302 || answer.header("Location") != "/bye" {
			t.Errorf("%q: got %d to %s", query, answer.status, answer.header("Location"))
		}
		b.get("/users/me/").is(200, "-")
	}
}

func TestSigningOutIsLocalWhileTheProviderIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.EndSession = "https://idp.example/logout"
	b := w.as(w.user("ada"))
	w.provider.Err = &domain.Error{Kind: domain.Upstream, Detail: "away"}
	if answer := b.get("/logout/"); answer.header("Location") != "/bye" {
		t.Errorf("sent to %s", answer.header("Location"))
	}
	b.get("/users/me/").is(401, "-")
}

func TestLogoutByPOSTIsProtectedForEverybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stranger().post("/logout/", nil).is(403, `{"detail":"CSRF Failed: CSRF cookie not set."}`)
	b := w.as(w.user("ada"))
	token := b.header["X-CSRFToken"]
	delete(b.header, "X-CSRFToken")
	b.post("/logout/", nil).is(403, `{"detail":"CSRF Failed: CSRF token missing."}`)
	b.get("/users/me/").is(200, "-")
	b.post("/logout/", form{"csrfmiddlewaretoken": token}).is(302, "")
	b.get("/users/me/").is(401, "-")
}

func TestLogoutByGETCanBeSwitchedOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.http.LogoutByGet = false })
	if answer := w.stranger().get("/logout/"); answer.status != 405 || answer.header("Allow") != "POST" {
		t.Errorf("got %d, Allow %q", answer.status, answer.header("Allow"))
	}
}

func TestBackChannelLogout(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		notice     domain.LogoutNotice
		adas, bobs int // what /users/me/ answers afterwards
	}{
		"of a person":                {domain.LogoutNotice{Subject: "sub-ada", ID: "1"}, 401, 200},
		"of one session of a person": {domain.LogoutNotice{Subject: "sub-ada", SID: "s-ada", ID: "1"}, 401, 200},
		"of another session":         {domain.LogoutNotice{Subject: "sub-ada", SID: "s-bob", ID: "1"}, 200, 200},
		"by session alone":           {domain.LogoutNotice{SID: "s-bob", ID: "1"}, 200, 401},
		"of nobody we know":          {domain.LogoutNotice{Subject: "sub-eve", ID: "1"}, 200, 200},
		"of nobody, with a session":  {domain.LogoutNotice{Subject: "sub-eve", SID: "s-bob", ID: "1"}, 200, 200},
	} {
		w := newWorld(t)
		ada, bob := w.user("ada"), w.user("bob")
		w.provider.People["ada"] = map[string]any{"sub": ada.Sub, "sid": "s-ada"}
		w.provider.People["bob"] = map[string]any{"sub": bob.Sub, "sid": "s-bob"}
		adas, bobs := w.stranger(), w.stranger()
		adas.signIn("ada")
		bobs.signIn("bob")
		w.provider.Notices["token"] = c.notice
		machine := w.stranger()
		machine.header["Content-Type"] = "application/x-www-form-urlencoded"
		answer := machine.post("/backchannel-logout/", "logout_token=token")
		answer.is(204, "")
		if answer.header("Cache-Control") != "no-store" {
			t.Errorf("%s: Cache-Control %q", name, answer.header("Cache-Control"))
		}
		if got := adas.get("/users/me/").status; got != c.adas {
			t.Errorf("%s: ada got %d", name, got)
		}
		if got := bobs.get("/users/me/").status; got != c.bobs {
			t.Errorf("%s: bob got %d", name, got)
		}
		machine.post("/backchannel-logout/", "logout_token=token").is(400, `{"error":"invalid_request","error_description":"Token already processed"}`)
	}
}

func TestBackChannelLogoutRefusesWhatItCannotTrust(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.Notices["nobody"] = domain.LogoutNotice{ID: "1"}
	for body, text := range map[string]string{
		"":                    "Missing logout_token parameter",
		"logout_token=":       "Missing logout_token parameter",
		"other=x":             "Missing logout_token parameter",
		"logout_token=forged": "Invalid logout token",
		"logout_token=nobody": "Token must contain either sub or sid claim",
		"logout_token=%00":    "Invalid logout token",
	} {
		machine := w.stranger()
		machine.header["Content-Type"] = "application/x-www-form-urlencoded"
		answer := machine.post("/backchannel-logout/", body)
		answer.is(400, `{"error":"invalid_request","error_description":"`+text+`"}`)
		if answer.header("Cache-Control") != "no-store" {
			t.Errorf("%q: Cache-Control %q", body, answer.header("Cache-Control"))
		}
	}
	w.stranger().post("/backchannel-logout/", map[string]string{"logout_token": "x"}).is(400, `{"error":"invalid_request","error_description":"Missing logout_token parameter"}`)
	w.stranger().get("/backchannel-logout/").is(405, "-")
}

func TestALogoutTokenIsRememberedUntilItExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.Notices["token"] = domain.LogoutNotice{Subject: "sub-ada", ID: "1", ExpiresAt: w.Now().Add(30 * 24 * time.Hour)}
	machine := w.stranger()
	machine.header["Content-Type"] = "application/x-www-form-urlencoded"
	machine.post("/backchannel-logout/", "logout_token=token").is(204, "")
	w.Forward(29 * 24 * time.Hour)
	machine.post("/backchannel-logout/", "logout_token=token").is(400, `{"error":"invalid_request","error_description":"Token already processed"}`)
}

// A token that cannot be verified yet is not used up.
func TestALogoutTokenThatCannotBeVerifiedYetMayComeAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("ada"))
	w.provider.Notices["token"] = domain.LogoutNotice{Subject: "sub-ada", ID: "1"}
	machine := w.stranger()
	machine.header["Content-Type"] = "application/x-www-form-urlencoded"
	w.provider.Err = fmt.Errorf("%w: no key", domain.ErrLogoutUnverified)
	answer := machine.post("/backchannel-logout/", "logout_token=token")
	answer.is(503, `{"detail":"The logout token cannot be verified at the moment. Please send it again later."}`)
	if answer.header("Retry-After") != "10" {
		t.Errorf("Retry-After %q", answer.header("Retry-After"))
	}
	b.get("/users/me/").is(200, "-")
	w.provider.Err = nil
	machine.post("/backchannel-logout/", "logout_token=token").is(204, "")
	b.get("/users/me/").is(401, "-")
}
