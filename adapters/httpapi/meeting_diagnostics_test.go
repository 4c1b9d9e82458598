package httpapi_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

const meetingTest = "/diagnostics/connection/"

func withTest(s *setup) { s.http.ConnectionTest = true }

func TestMeetingAConnectionTestHasARoomOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withTest)
	seen := map[any]bool{}
	for _, b := range []*browser{s.stranger(), s.stranger(), s.as(s.guest), s.as(s.owner)} {
		for _, body := range []any{nil, map[string]any{"room": s.room.ID, "username": "x"}, `{`, form{}} { // nobody looks at it
			a := b.post(meetingTest, body)
			roomsHas(a, 200, map[string]any{"livekit.url": liveURL, "livekit.expires_in": 300.0})
			if got := roomsKeys(roomsAt(a, "livekit")); got != "expires_in room token url" {
				t.Errorf("keys %s", got)
			}
			room, _ := roomsAt(a, "livekit.room").(string)
			id, prefixed := strings.CutPrefix(room, "connection-test-")
			token := roomsAt(a, "livekit.token")
			if !prefixed || uuid.Validate(id) != nil || seen[room] || seen[token] {
				t.Errorf("room %s", room)
			}
			seen[room], seen[token] = true, true
			if got := roomsVideo(roomsClaims(t, token), "room"); got != room {
				t.Errorf("the token is for %v", got)
			}
		}
	}
	if got := s.meeting.Said(); len(got) != 0 {
		t.Errorf("called %v", got)
	}
}

func TestMeetingATestTokenIsShortLivedAndPowerless(t *testing.T) {
	t.Parallel()
	for _, mayName := range []bool{true, false} {
		s := newMeeting(t, domain.Public, withTest, func(s *setup) { s.rooms.MembersMayName = mayName })
		for who, b := range map[string]*browser{"stranger": s.stranger(), "guest": s.as(s.guest), "owner": s.as(s.owner)} {
			claims := roomsClaims(t, roomsAt(b.post(meetingTest, nil), "livekit.token"))
			start, _ := claims["nbf"].(float64)
			end, _ := claims["exp"].(float64)
			attributes, _ := claims["attributes"].(map[string]any)
			if end-start != 300 || roomsVideo(claims, "roomAdmin") == true || roomsVideo(claims, "roomJoin") != true || attributes["room_role"] != "" {
				t.Errorf("%s: %v", who, claims)
			}
			name, sub := "Connection Test", map[string]string{"guest": s.guest.Sub, "owner": s.owner.Sub}[who]
			if !mayName && who != "stranger" {
				name = map[string]string{"guest": s.guest.FullName, "owner": s.owner.FullName}[who]
			}
			if claims["name"] != name || who != "stranger" && claims["sub"] != sub || who == "stranger" && uuid.Validate(claims["sub"].(string)) != nil {
				t.Errorf("%s: %v", who, claims)
			}
			if sources, _ := roomsVideo(claims, "canPublishSources").([]any); len(sources) != 4 {
				t.Errorf("sources %v", sources)
			}
		}
	}
}

func TestMeetingTheInstanceChoosesHowATestIs(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withTest, func(s *setup) { s.rooms.TestPrefix, s.rooms.TestTTL = "probe", time.Minute })
	a := s.stranger().post(meetingTest, nil)
	roomsHas(a, 200, map[string]any{"livekit.expires_in": 60.0})
	if room, _ := roomsAt(a, "livekit.room").(string); !strings.HasPrefix(room, "probe-") {
		t.Errorf("room %s", room)
	}
}

func TestMeetingATestThatIsOffDoesNotExist(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	for _, b := range []*browser{s.stranger(), s.as(s.owner)} {
		b.post(meetingTest, nil).is(404, roomsNotFound)
		b.get(meetingTest).is(405, `{"detail":"Method \"GET\" not allowed."}`)
	}
}

func TestMeetingATestOfSomebodySignedInNeedsCSRF(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withTest, meetingRate(1))
	b := s.as(s.guest)
	delete(b.header, "X-CSRFToken")
	for range 3 { // and does not count
		b.post(meetingTest, nil).is(403, `{"detail":"CSRF Failed: CSRF token missing."}`)
	}
	b.header["X-CSRFToken"] = b.cookies["csrftoken"]
	b.post(meetingTest, nil).is(200, "-")
}

func TestMeetingTestsAreCountedByAddressOrPerson(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withTest, meetingRate(2))
	first, second := s.stranger(), s.stranger()
	second.header["Peer"] = "192.0.2.77:1000"
	for _, b := range []*browser{first, second, s.as(s.guest), s.as(s.member)} { // one after the other
		b.post(meetingTest, nil).is(200, "-")
		b.get(meetingTest).is(405, "-") // counts
		b.post(meetingTest, nil).throttled()
		b.get(meetingTest).throttled()
	}
	s.as(s.guest).post(meetingTest, nil).throttled() // in another browser
	first.header["X-Forwarded-For"] = "198.51.100.9" // a stranger's word
	first.post(meetingTest, nil).throttled()
}

func TestMeetingRoomsOfTestsAreClosedWhenTheyAreOver(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withTest)
	room, _ := roomsAt(s.stranger().post(meetingTest, nil), "livekit.room").(string)
	reconcile := func() {
		t.Helper()
		if err := s.events.Reconcile(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{room, "production-room", "connection-testimony", s.room.ID.String()} {
		s.meeting.Join(name, domain.Participant{Identity: "ann"}, s.Now())
	}
	s.Forward(309 * time.Second)
	reconcile()
	if s.called("end") != 0 {
		t.Errorf("called %v", s.meeting.Said())
	}
	s.Forward(2 * time.Second)
	reconcile()
	reconcile() // it is gone
	ended := slices.DeleteFunc(s.meeting.Said(), func(call string) bool { return !strings.HasPrefix(call, "end") })
	if !slices.Equal(ended, []string{"end " + room}) || len(s.Warnings) != 0 {
		t.Errorf("called %v, warnings %v", ended, s.Warnings)
	}
}
