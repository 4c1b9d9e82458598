package httpapi_test

import (
	"slices"
	"testing"
	"time"

	"meet/domain"
)

const meetingNotThere = `{"error":"Participant not found"}`

// act calls a moderator's endpoint about the participant.
func (s *meetingScene) act(b *browser, action, identity string) answer {
	s.t.Helper()
	return b.post(s.path+action+"-participant/", map[string]any{"participant_identity": identity})
}

// admitted is a browser that was let in and joined.
func (s *meetingScene) admitted(b *browser, identity string) {
	s.t.Helper()
	s.knock(b, "Ann")
	if identity == "" {
		identity = b.id()
	}
	s.decide(s.as(s.owner), b.id(), true)
	roomsHas(s.knock(b, "Ann"), 200, map[string]any{"status": "accepted"})
	s.join(identity)
}

func TestMeetingRemovedGuestsStayOutUntilTheMeetingEnds(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"stranger", "guest"} {
		s := newMeeting(t, domain.Restricted)
		b, identity := s.stranger(), ""
		if who == "guest" {
			b, identity = s.as(s.guest), s.guest.Sub
		}
		s.admitted(b, identity)
		if identity == "" {
			identity = b.id()
		}
		s.act(s.as(s.admin), "remove", identity).is(200, meetingDone)
		if _, there := s.entry(b.id()); there || s.called("remove "+identity) != 1 {
			t.Errorf("%s: entry there %v, called %v", who, there, s.meeting.Said())
		}
		for range 2 {
			roomsHas(s.knock(b, "Ann"), 200, map[string]any{"status": "denied", "livekit": nil})
		}
		s.Forward(time.Hour)
		roomsHas(s.knock(b, "Ann"), 200, map[string]any{"status": "denied"})
		if s.waiting() != 0 || len(s.meeting.Announced) != 1 {
			t.Errorf("%s: %d wait, announced %v", who, s.waiting(), s.meeting.Announced)
		}
		s.report("EV_1", "room_finished", "RM_1", s.room.ID.String(), "")
		s.drain()
		roomsHas(s.knock(b, "Ann"), 200, map[string]any{"status": "waiting"})
	}
}

func TestMeetingRemovedPeopleDoNotComeBackToAPublicRoom(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	stranger, boss := s.stranger(), s.as(s.owner)
	browsers := map[string]*browser{s.guest.Sub: s.as(s.guest), s.member.Sub: s.as(s.member), s.admin.Sub: s.as(s.admin)}
	s.knock(stranger, "Ann")
	browsers[stranger.id()] = stranger
	for identity, b := range browsers {
		s.knock(b, "Ann")
		s.join(identity)
		s.act(boss, "remove", identity).is(200, meetingDone)
		a := s.knock(b, "Ann")
		roomsHas(a, 200, map[string]any{"status": "denied", "livekit": nil, "id": b.id()})
		if b != stranger {
			roomsHas(b.get(s.path), 200, map[string]any{"livekit": nil})
		}
	}
	s.world.room("elsewhere", s.owner)
	roomsHas(browsers[s.guest.Sub].post("/rooms/elsewhere/request-entry/", map[string]any{"username": "Gus"}), 200, map[string]any{"status": "accepted"})
	roomsHas(s.knock(s.stranger(), "Bob"), 200, map[string]any{"status": "accepted"})
}

func TestMeetingAnAcceptanceIsThePersonsNotTheBrowsers(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b := s.stranger()
	s.admitted(b, "") // as a stranger
	signedIn := s.as(s.guest)
	signedIn.cookies[meetingCookie] = b.cookies[meetingCookie]
	roomsHas(s.knock(signedIn, "Gus"), 200, map[string]any{"status": "waiting"})
	s.admitted(signedIn, s.guest.Sub)
	s.join(s.guest.Sub)
	s.act(s.as(s.owner), "remove", s.guest.Sub).is(200, meetingDone)
	roomsHas(s.knock(signedIn, "Gus"), 200, map[string]any{"status": "denied", "livekit": nil})
	roomsHas(s.knock(b, "Ann"), 200, map[string]any{"status": "waiting", "livekit": nil}) // signed out again
}

func TestMeetingNobodyReadmitsOneself(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.join(s.admin.Sub)
	s.act(s.as(s.owner), "remove", s.admin.Sub).is(200, meetingDone)
	s.act(s.as(s.admin), "readmit", s.admin.Sub).is(403, meetingPrivileges)
	s.act(s.as(s.owner), "readmit", s.admin.Sub).is(200, meetingDone)
}

func TestMeetingRemovedPeopleStayOutInAllTheirBrowsers(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	desk, phone := s.as(s.guest), s.as(s.guest)
	s.admitted(desk, s.guest.Sub)
	s.admitted(phone, s.guest.Sub)
	s.act(s.as(s.owner), "remove", s.guest.Sub).is(200, meetingDone)
	for _, b := range []*browser{desk, phone, s.as(s.guest)} {
		roomsHas(s.knock(b, "Gus"), 200, map[string]any{"status": "denied"})
	}
}

func TestMeetingOwnersArePutOutButNotKeptOut(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.join(s.owner.Sub)
	s.act(s.as(s.admin), "remove", s.owner.Sub).is(200, meetingDone)
	boss := s.as(s.owner)
	roomsHas(s.knock(boss, "Olga"), 200, map[string]any{"status": "accepted"})
	boss.get(s.path+"removed-participants/").is(200, `{"participants":[]}`)
	if s.called("remove "+s.owner.Sub) != 1 {
		t.Errorf("called %v", s.meeting.Said())
	}
}

func TestMeetingRemovingWhoIsNotThereClearsTheLobby(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	boss := s.as(s.owner)
	waiting, accepted, denied := s.stranger(), s.stranger(), s.stranger()
	for _, b := range []*browser{waiting, accepted, denied} {
		s.knock(b, "Ann")
	}
	s.decide(boss, accepted.id(), true)
	s.decide(boss, denied.id(), false)
	for _, b := range []*browser{waiting, accepted, denied} {
		s.act(boss, "remove", b.id()).is(404, meetingNotThere)
		if _, there := s.entry(b.id()); there {
			t.Error("the entry is still there")
		}
		roomsHas(s.knock(b, "Ann"), 200, map[string]any{"status": "waiting"})
	}
	boss.get(s.path+"removed-participants/").is(200, `{"participants":[]}`)
}

func TestMeetingRemovingTouchesNobodyElsesEntry(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	boss, other := s.as(s.owner), s.stranger()
	s.knock(other, "Bob")
	s.join("bob")
	for _, identity := range []string{"bob", "*", "room_lobby_*", other.id()[:8]} {
		s.act(boss, "remove", identity)
		if _, there := s.entry(other.id()); !there {
			t.Fatalf("%q removed somebody else", identity)
		}
	}
}

func TestMeetingRemovingNeedsAnIdentity(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	boss := s.as(s.owner)
	for _, action := range []string{"remove", "readmit"} {
		for body, want := range map[string]string{
			`{}`: `["This field is required."]`, ``: `["This field is required."]`, `{"participant_identity":["bob"]}`: `["Not a valid string."]`,
			`{"participant_identity":null}`: `["This field may not be null."]`, `{"participant_identity":" "}`: `["This field may not be blank."]`,
			`{"participant_identity":{}}`: `["Not a valid string."]`, `{"participant_identity":"\u0000"}`: `["Null characters are not allowed."]`,
		} {
			boss.post(s.path+action+"-participant/", body).is(400, `{"participant_identity":`+want+`}`)
		}
	}
	if got := s.meeting.Said(); len(got) != 0 {
		t.Errorf("called %v", got)
	}
}

func TestMeetingModeratorsReadmitWhomTheyRemoved(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b, boss := s.as(s.guest), s.as(s.owner)
	s.admitted(b, s.guest.Sub)
	before := s.Now()
	s.act(boss, "remove", s.guest.Sub).is(200, meetingDone)
	s.join("bob")
	s.act(boss, "remove", "bob").is(200, meetingDone)
	list := s.as(s.admin).get(s.path + "removed-participants/")
	roomsHas(list, 200, map[string]any{
		"participants.0.id": s.guest.Sub, "participants.0.name": "name of " + s.guest.Sub, "participants.1.id": "bob", "participants.2": nil,
	})
	text, _ := roomsAt(list, "participants.0.removed_at").(string)
	if removed, err := time.Parse(time.RFC3339Nano, text); err != nil || removed.Before(before) || removed.After(s.Now()) {
		t.Errorf("removed at %q: %v", text, err)
	}
	s.act(boss, "readmit", s.guest.Sub).is(200, meetingDone)
	roomsHas(s.knock(b, "Gus"), 200, map[string]any{"status": "waiting"}) // readmitted, not accepted
	for _, identity := range []string{s.guest.Sub, "nobody"} {
		s.act(boss, "readmit", identity).is(404, meetingNotThere)
	}
	roomsHas(boss.get(s.path+"removed-participants/"), 200, map[string]any{"participants.0.id": "bob", "participants.1": nil})
}

func TestMeetingABanIsOfOneRoom(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.join("bob")
	boss := s.as(s.owner)
	s.act(boss, "remove", "bob").is(200, meetingDone)
	s.world.room("elsewhere", s.owner)
	boss.get("/rooms/elsewhere/removed-participants/").is(200, `{"participants":[]}`)
	boss.post("/rooms/elsewhere/readmit-participant/", map[string]any{"participant_identity": "bob"}).is(404, meetingNotThere)
	s.report("EV_1", "room_finished", "RM_2", boss.get("/rooms/elsewhere/").json()["id"].(string), "")
	s.drain()
	roomsHas(boss.get(s.path+"removed-participants/"), 200, map[string]any{"participants.0.id": "bob"})
}

func TestMeetingIsEndedForEverybody(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	boss := s.as(s.admin)
	boss.post(s.path+"end/", nil).is(404, `{"error":"The meeting is not running"}`)
	s.join("bob")
	boss.post(s.path+"end/", nil).is(200, meetingDone)
	boss.post(s.path+"end/", nil).is(404, `{"error":"The meeting is not running"}`)
	want := "end " + s.room.ID.String()
	if got := s.meeting.Said(); !slices.Equal(got, []string{want, want, want}) {
		t.Errorf("called %v", got)
	}
}
