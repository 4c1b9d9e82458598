package httpapi_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

// held sends a request in the background and returns where its answer comes.
func (b *browser) held(wait string, send func(b *browser) answer) <-chan answer {
	again := b.again()
	again.header["Prefer"] = wait
	answered := make(chan answer, 1)
	go func() { answered <- send(again) }()
	return answered
}

// recognised is a stranger whom the server has given a cookie already.
func (s *meetingScene) recognised() *browser {
	s.t.Helper()
	b := s.stranger()
	if _, err := s.rooms.View(s.t.Context(), domain.RoomKey{Slug: "open"}, uuid.Nil); err != nil {
		s.world.room("open", s.owner)
	}
	b.post("/rooms/open/request-entry/", map[string]any{"username": "Ann"}).is(200, "-")
	return b
}

func TestMeetingAHeldKnockIsAnsweredWhenItIsDecided(t *testing.T) {
	t.Parallel()
	for allow, want := range map[bool]string{true: "accepted", false: "denied"} {
		s := newMeeting(t, domain.Restricted)
		s.follow()
		boss := s.as(s.owner)
		for name, b := range map[string]*browser{"first knock": s.recognised(), "later knock": s.recognised(), "signed in": s.as(s.guest)} {
			if name != "first knock" {
				s.knock(b, "Ann")
			}
			before := s.called("announce")
			answered := b.held("wait=20", func(b *browser) answer { return s.knock(b, "Ann") })
			meetingUntil(func() bool { return s.waiting() == 1 && (name != "first knock" || s.called("announce") > before) })
			list := boss.get(s.path + "waiting-participants/")
			id, _ := roomsAt(list, "participants.0.id").(string)
			s.decide(boss, id, allow)
			a := <-answered
			roomsHas(a, 200, map[string]any{"status": want, "id": id, "username": "Ann"})
			if opened := roomsAt(a, "livekit") != nil; opened != allow || a.header("Preference-Applied") != "wait=20" {
				t.Errorf("%s: %s, preference applied %q", name, a.body, a.header("Preference-Applied"))
			}
		}
	}
}

func TestMeetingWhoIsNotWaitingIsNotHeld(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	boss := s.as(s.owner)
	accepted, denied := s.stranger(), s.stranger()
	for _, b := range []*browser{accepted, denied} {
		s.knock(b, "Ann")
		s.decide(boss, b.id(), b == accepted)
		b.header["Prefer"] = "wait=20"
	}
	member := s.as(s.member)
	member.header["Prefer"] = "wait=20"
	begun := time.Now()
	roomsHas(s.knock(accepted, "Ann"), 200, map[string]any{"status": "accepted"})
	roomsHas(s.knock(denied, "Ann"), 200, map[string]any{"status": "denied"})
	roomsHas(s.knock(member, "Ann"), 200, map[string]any{"status": "accepted"})
	denied.post("/rooms/nowhere/request-entry/", map[string]any{"username": "Ann"}).is(404, roomsNoRoom)
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("held for %v", took)
	}
}

func TestMeetingAPreferenceThatIsNoneIsIgnored(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b := s.stranger()
	begun := time.Now()
	for _, preference := range []string{"", "wait", "wait=", "wait=0", "wait=-5", "wait=x", "wait=1.5", "respond-async", "waiting=20", `handling=lenient; wait=20`, "wait=99999999999999999999"} {
		b.header["Prefer"] = preference
		a := s.knock(b, "Ann")
		roomsHas(a, 200, map[string]any{"status": "waiting"})
		if got := a.header("Preference-Applied"); got != "" {
			t.Errorf("%q applied as %q", preference, got)
		}
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("held for %v", took)
	}
}

func TestMeetingNobodyIsHeldLongerThanAllowed(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.lobbies.Close() // answers everybody at once
	b := s.stranger()
	for preference, applied := range map[string]string{
		"wait=3600": "wait=20", "wait=21": "wait=20", "wait=20": "wait=20", "wait=1": "wait=1", "Wait = 7": "wait=7", `wait="9"`: "wait=9",
		"respond-async, wait=4": "wait=4", "wait=5, wait=8": "wait=5",
	} {
		b.header["Prefer"] = preference
		a := s.knock(b, "Ann")
		roomsHas(a, 200, map[string]any{"status": "waiting"})
		if got := a.header("Preference-Applied"); got != applied {
			t.Errorf("%q applied as %q", preference, got)
		}
	}
}

func TestMeetingAHeldKnockEndsWithItsTime(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.follow()
	b := s.stranger()
	b.header["Prefer"] = "wait=1"
	begun := time.Now()
	roomsHas(s.knock(b, "Ann"), 200, map[string]any{"status": "waiting", "livekit": nil})
	if took := time.Since(begun); took < time.Second {
		t.Errorf("answered after %v", took)
	}
	s.Forward(3*time.Second - 10*time.Millisecond)
	if _, there := s.entry(b.id()); !there {
		t.Error("gone too early")
	}
	s.Forward(10 * time.Millisecond)
	if _, there := s.entry(b.id()); there {
		t.Error("waits longer than after any other poll")
	}
}

func TestMeetingWhoGoesAwayIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.follow()
	ctx, leave := context.WithCancel(t.Context())
	request := httptest.NewRequestWithContext(ctx, "POST", "http://"+host+api+s.path+"request-entry/", strings.NewReader(`{"username":"Ann"}`))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Prefer", "wait=20")
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.server.ServeHTTP(httptest.NewRecorder(), request)
	}()
	meetingUntil(func() bool { return s.waiting() == 1 })
	leave()
	<-done
	s.Forward(3 * time.Second)
	if s.waiting() != 0 {
		t.Error("still listed long after leaving")
	}
}

func TestMeetingAHeldKnockEndsWithTheMeeting(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.follow()
	b := s.recognised()
	answered := b.held("wait=20", func(b *browser) answer { return s.knock(b, "Ann") })
	meetingUntil(func() bool { return s.waiting() == 1 })
	s.report("EV_1", "room_finished", "RM_1", s.room.ID.String(), "")
	s.drain()
	roomsHas(<-answered, 200, map[string]any{"status": "waiting"})
	roomsHas(s.knock(b, "Bob"), 200, map[string]any{"status": "waiting", "username": "Ann"}) // has knocked again
}
