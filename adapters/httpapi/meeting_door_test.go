package httpapi_test

import (
	"testing"

	"github.com/google/uuid"

	"meet/domain"
)

// arrives reports that somebody came, and tells whether they are still there.
func (s *meetingScene) arrives(identity, more string) bool {
	s.t.Helper()
	s.join(identity)
	before := s.called("remove " + identity)
	s.report(s.NewID().String(), "participant_joined", "RM_1", s.room.ID.String(),
		`,"participant":{"sid":"PA_`+s.NewID().String()+`","identity":"`+identity+`","state":"ACTIVE"`+more+`}`)
	s.drain()
	return s.called("remove "+identity) == before
}

func (s *meetingScene) expectArrival(name, identity, more string, stays bool) {
	s.t.Helper()
	if got := s.arrives(identity, more); got != stays {
		s.t.Errorf("%s stays: %v", name, got)
	}
}

func TestMeetingAnOldTokenOpensARoomToThoseAloneWhoMayJoinNow(t *testing.T) {
	t.Parallel()
	for level, stay := range map[domain.AccessLevel]struct{ stranger, guest bool }{
		domain.Public: {true, true}, domain.Trusted: {false, true}, domain.Restricted: {false, false},
	} {
		s := newMeeting(t, domain.Public)
		ann := s.stranger()
		seen := ann.get(s.path)
		identity, _ := roomsClaims(t, roomsAt(seen, "livekit.token"))["sub"].(string)
		s.as(s.owner).patch(s.path, map[string]any{"access_level": string(level)}).is(200, "-")
		s.expectArrival(string(level)+": stranger", identity, "", stay.stranger)
		s.expectArrival(string(level)+": guest", s.guest.Sub, "", stay.guest)
		for _, user := range []domain.User{s.member, s.admin, s.owner} {
			s.expectArrival(string(level)+": "+user.Sub, user.Sub, "", true)
		}
		for kind, more := range map[string]string{
			"telephone": `,"kind":"SIP"`, "egress": `,"kind":"EGRESS"`, "agent": `,"kind":"AGENT"`, "stream": `,"kind":"INGRESS"`,
			"recorder": `,"permission":{"recorder":true}`, "program": `,"permission":{"agent":true}`,
		} {
			s.expectArrival(string(level)+": "+kind, kind, more, true)
		}
	}
}

func TestMeetingWhoWasLetInMayComeBack(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	ann, gus := s.stranger(), s.as(s.guest)
	s.admitted(ann, "")
	s.admitted(gus, s.guest.Sub)
	for range 2 {
		s.expectArrival("stranger", ann.id(), "", true)
		s.expectArrival("the same in another tab", ann.id()+".0123abcd", "", true)
		s.expectArrival("guest", s.guest.Sub, "", true)
	}
	denied := s.stranger()
	s.knock(denied, "Bob")
	s.expectArrival("who waits", denied.id(), "", false)
	s.decide(s.as(s.owner), denied.id(), false)
	s.expectArrival("who was denied", denied.id(), "", false)
	s.report("EV_end", "room_finished", "RM_1", s.room.ID.String(), "")
	s.drain()
	s.expectArrival("stranger at the next meeting", ann.id(), "", false)
	s.expectArrival("guest at the next meeting", s.guest.Sub, "", false)
}

func TestMeetingWhoIsInsideStaysWhenTheDoorCloses(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.expectArrival("stranger", "ann", "", true)
	s.as(s.owner).patch(s.path, map[string]any{"access_level": "restricted"}).is(200, "-")
	s.report("EV_x", "track_published", "RM_1", s.room.ID.String(), "")
	s.drain()
	if s.called("remove") != 0 {
		t.Errorf("called %v", s.meeting.Said())
	}
}

func TestMeetingADeletedRoomLetsNobodyIn(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.as(s.owner).delete(s.path).is(204, "")
	s.expectArrival("owner", s.owner.Sub, "", false)
	s.expectArrival("stranger", "ann", "", false)
	s.expectArrival("telephone", "+331", `,"kind":"SIP"`, true)
	s.Forward(domain.TokenLife)
	s.room.ID = uuid.New() // another server's, at the same LiveKit
	s.expectArrival("somebody else's guest", "ann", "", true)
}

func TestMeetingATokenOfASignedOutPersonIsVoidUntilTheNextSignIn(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.as(s.owner)
	s.expectArrival("owner", s.owner.Sub, "", true)
	s.provider.Notices["token"] = domain.LogoutNotice{Subject: s.owner.Sub, ID: "1"}
	provider := s.stranger()
	provider.header["Content-Type"] = "application/x-www-form-urlencoded"
	provider.post("/backchannel-logout/", "logout_token=token").is(204, "")
	s.expectArrival("signed out", s.owner.Sub, "", false)
	s.expectArrival("member", s.member.Sub, "", true)
	s.as(s.owner)
	s.expectArrival("signed in again", s.owner.Sub, "", true)
}

func TestMeetingARemovedStrangerStaysOutOfAPublicRoom(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	ann, bob := s.stranger(), s.stranger()
	identity := func(b *browser) string {
		t.Helper()
		sub, _ := roomsClaims(t, roomsAt(b.get(s.path), "livekit.token"))["sub"].(string)
		return sub
	}
	first, second, other := identity(ann), identity(ann), identity(bob)
	if first == second || domain.Whose(first) != ann.id() || domain.Whose(second) != ann.id() || domain.Whose(other) == ann.id() {
		t.Fatalf("%s, %s and %s", first, second, other)
	}
	for _, who := range []string{first, second, other} {
		s.join(who)
	}
	s.act(s.as(s.admin), "remove", first).is(200, meetingDone)
	if s.called("remove "+first) != 1 || s.called("remove "+second) != 1 || s.called("remove "+other) != 0 {
		t.Errorf("called %v", s.meeting.Said())
	}
	for range 2 {
		roomsHas(ann.get(s.path), 200, map[string]any{"livekit": nil, "slug": "weekly"})
		roomsHas(s.knock(ann, "Ann"), 200, map[string]any{"status": "denied"})
	}
	s.expectArrival("old token", second, "", false)
	roomsHas(ann.get(roomsPath("temporary")), 200, map[string]any{"livekit.room": "temporary"})
	for _, level := range []string{"restricted", "public"} {
		s.as(s.owner).patch(s.path, map[string]any{"access_level": level}).is(200, "-")
		roomsHas(s.knock(ann, "Ann"), 200, map[string]any{"status": "denied"})
	}
	if identity(bob) == "" {
		t.Error("somebody else is kept out")
	}
	boss := s.as(s.owner)
	list := boss.get(s.path + "removed-participants/")
	roomsHas(list, 200, map[string]any{"participants.0.id": ann.id(), "participants.1": nil})
	s.act(boss, "readmit", first).is(200, meetingDone)
	if again := identity(ann); domain.Whose(again) != ann.id() {
		t.Errorf("readmitted as %s", again)
	}
	for _, forged := range []string{ann.id(), ann.id() + ".x", s.owner.Sub} {
		b := s.stranger()
		b.cookies[meetingCookie] = forged
		if sub := identity(b); domain.Whose(sub) == ann.id() || domain.Whose(sub) == sub {
			t.Errorf("a forged cookie makes %s", sub)
		}
	}
}

func TestMeetingARemovedGuestsTokenDoesNothing(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withSubtitles)
	s.join("bob")
	ann := s.stranger()
	token, _ := roomsAt(ann.get(s.path), "livekit.token").(string)
	identity, _ := roomsClaims(t, token)["sub"].(string)
	s.join(identity)
	s.act(s.as(s.owner), "remove", identity).is(200, meetingDone)
	s.join(identity) // back for a moment
	s.meeting.Calls = nil
	s.everywhere("removed", s.bearing(token), 403, forbidden)
	if got := s.meeting.Said(); len(got) != 0 {
		t.Errorf("called %v", got)
	}
}
