package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/adapters/httpapi"
	"meet/domain"
)

func TestMeetingTheLobbyCookieIsSessionWideAndUnreadable(t *testing.T) {
	t.Parallel()
	for proto, secure := range map[string]bool{"": false, "http": false, "https": true} {
		s := newMeeting(t, domain.Restricted)
		b := s.stranger()
		b.header["X-Forwarded-Proto"], b.header["Peer"] = proto, "10.0.0.1:5000"
		for range 2 { // also when the browser has it already
			a := s.knock(b, "Ann")
			cookies := a.raw.Cookies()
			if len(cookies) != 1 {
				t.Fatalf("cookies %v", cookies)
			}
			c := cookies[0]
			if c.Name != meetingCookie || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure != secure ||
				c.MaxAge != 0 || !c.Expires.IsZero() || c.Domain != "" || !strings.HasPrefix(c.Value, roomsAt(a, "id").(string)+".") {
				t.Errorf("%s: %+v", proto, c)
			}
		}
	}
}

func TestMeetingTheCookieHasTheInstancesName(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, func(s *setup) { s.http.LobbyCookie = "visitor" })
	b := s.stranger()
	s.knock(b, "Ann")
	if b.cookies["visitor"] == "" || b.cookies[meetingCookie] != "" {
		t.Errorf("cookies %v", b.cookies)
	}
}

// forgeries are cookies that we did not sign for the browser that brings them.
func (s *meetingScene) forgeries(victim *browser) map[string]string {
	id, signature, _ := strings.Cut(victim.cookies[meetingCookie], ".")
	other := s.stranger()
	s.knock(other, "Other")
	foreign := newMeeting(s.t, domain.Public, func(s *setup) { s.http.Secret = "another secret" })
	stranger := foreign.stranger()
	foreign.knock(stranger, "Ann")
	return map[string]string{
		"empty": "", "somebody's sub": s.owner.Sub, "sub and a signature": s.owner.Sub + "." + signature, "unsigned id": id, "empty signature": id + ".",
		"another's signature": id + "." + strings.SplitN(other.cookies[meetingCookie], ".", 2)[1], "capitals": strings.ToUpper(id) + "." + signature,
		"no dashes": strings.ReplaceAll(id, "-", "") + "." + signature, "cut": id + "." + signature[:len(signature)-1], "longer": id + "." + signature + "A",
		"twice": id + "." + signature + "." + signature, "signature alone": "." + signature, "another instance": stranger.cookies[meetingCookie],
		"a user's id": s.owner.ID.String() + "." + signature, "star": "*", "long": strings.Repeat("a", 4000), "unknown id": meetingNobody + "." + signature,
		"padded": id + "." + signature + "=", "urn": "urn:uuid:" + id + "." + signature, "nil": uuid.Nil.String() + "." + signature,
	}
}

func TestMeetingAForgedCookieIsAStrangers(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	victim, boss := s.stranger(), s.as(s.owner)
	s.knock(victim, "Ann")
	s.decide(boss, victim.id(), true)
	seen := map[string]bool{victim.id(): true, s.owner.Sub: true}
	for name, cookie := range s.forgeries(victim) {
		b := s.stranger()
		b.cookies[meetingCookie] = cookie
		a := s.knock(b, "Mallory")
		roomsHas(a, 200, map[string]any{"status": "waiting", "username": "Mallory", "livekit": nil})
		if seen[b.id()] || uuid.Validate(b.id()) != nil || roomsAt(a, "id") != b.id() || strings.Contains(cookie, b.id()) {
			t.Errorf("%s: %s gives %s", name, cookie, a.body)
		}
		seen[b.id()] = true
		roomsHas(s.knock(b, "Mallory"), 200, map[string]any{"status": "waiting", "id": b.id()}) // the new cookie counts
	}
	roomsHas(s.knock(victim, "Ann"), 200, map[string]any{"status": "accepted"})
}

func TestMeetingAForgedCookieNamesNoIdentity(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	victim := s.stranger()
	s.knock(victim, "Ann")
	for name, cookie := range s.forgeries(victim) {
		b := s.stranger()
		b.cookies[meetingCookie] = cookie
		claims := roomsClaims(t, roomsAt(s.knock(b, "Mallory"), "livekit.token"))
		if sub, _ := claims["sub"].(string); uuid.Validate(sub) != nil || sub == victim.id() || strings.Contains(cookie, sub) || sub != b.id() {
			t.Errorf("%s: identity %s", name, sub)
		}
	}
}

func TestMeetingAForeignBodyIDIsNotLookedAt(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	victim, mallory := s.stranger(), s.stranger()
	s.knock(victim, "Ann")
	s.decide(s.as(s.owner), victim.id(), true)
	a := mallory.post(s.path+"request-entry/?participant_id="+victim.id(), map[string]any{
		"username": "Mallory", "id": victim.id(), "participant_id": victim.id(), "status": "accepted", "user": s.owner.ID,
	})
	roomsHas(a, 200, map[string]any{"status": "waiting"})
	if roomsAt(a, "id") == victim.id() {
		t.Errorf("answer %s", a.body)
	}
}

func meetingRate(limit int) func(*setup) {
	rate := httpapi.Rate{Limit: limit, Period: time.Minute}
	return func(s *setup) {
		s.http.Rates.RequestEntry, s.http.Rates.RoomkitJoin, s.http.Rates.ConnectionTest = rate, rate, rate
	}
}

// throttled checks the refusal of one call too many.
func (a answer) throttled() {
	a.t.Helper()
	a.is(429, `{"detail":"Request was throttled. Expected available in `+a.header("Retry-After")+` seconds."}`)
}

func TestMeetingStrangersWithoutCookieAreCountedByAddress(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted, meetingRate(2))
	from := func(peer, forwarded, cookie string) answer {
		b := s.stranger()
		b.header["Peer"], b.header["X-Forwarded-For"] = peer, forwarded
		if cookie != "" {
			b.cookies[meetingCookie] = cookie
		}
		return s.knock(b, "Ann")
	}
	from("192.0.2.1:1000", "", "").is(200, "-")
	from("192.0.2.1:2000", "198.51.100.7", "").is(200, "-") // a stranger's header counts for nothing
	from("192.0.2.1:1000", "198.51.100.8", "").throttled()
	from("192.0.2.1:1000", "", "forged").throttled()
	from("192.0.2.1:1000", "", uuid.NewString()+".forged").throttled()
	from("192.0.2.2:1000", "", "").is(200, "-")
	from("10.0.0.1:1000", "192.0.2.1", "").throttled()
	from("10.0.0.1:1000", "192.0.2.3, 10.0.0.2", "").is(200, "-")
}

func TestMeetingBrowsersWithACookieAreCountedByIt(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted, meetingRate(2))
	first, second := s.stranger(), s.stranger()
	for _, b := range []*browser{first, second} { // both from one address
		s.knock(b, "Ann").is(200, "-")
	}
	for _, b := range []*browser{first, second} {
		s.knock(b, "Ann").is(200, "-")
		s.knock(b, "Ann").is(200, "-")
		refused := s.knock(b, "Ann")
		refused.throttled()
		if len(refused.raw.Cookies()) != 0 {
			t.Errorf("cookies %v", refused.raw.Cookies())
		}
	}
	first.post("/rooms/nowhere/request-entry/", `{`).throttled() // in all rooms, before anything is read
}

func TestMeetingSignedInPeopleAreCountedAsThemselves(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted, meetingRate(2))
	desk, phone := s.as(s.guest), s.as(s.guest)
	s.knock(desk, "Gus").is(200, "-")
	s.knock(phone, "Gus").is(200, "-")
	s.knock(desk, "Gus").throttled()
	s.knock(phone, "Gus").throttled()
	s.knock(s.as(s.member), "Mia").is(200, "-")
	s.knock(s.stranger(), "Ann").is(200, "-")
}
