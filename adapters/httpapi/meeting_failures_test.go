package httpapi_test

import (
	"errors"
	"testing"

	"meet/domain"
)

// meetingRefusals are how endpoints word that LiveKit refuses.
var meetingRefusals = []struct {
	action, refused string
	body            map[string]any
	pass            bool
}{
	{"mute-participant/", "Failed to mute participant", meetingTrack, false},
	{"update-participant/", "Failed to update participant", map[string]any{"participant_identity": "bob", "name": "Bob"}, false},
	{"remove-participant/", "Failed to remove participant", map[string]any{"participant_identity": "bob"}, false},
	{"toggle-hand/", "Failed to update participant hand state", map[string]any{"raised": true}, true},
	{"rename/", "Failed to rename participant", map[string]any{"name": "Bob"}, true},
	{"start-subtitle/", "Subtitles failed to start for room weekly", nil, true},
	{"mute-all/", "Failed to mute participants", nil, false},
	{"end/", "Failed to end meeting", nil, false},
}

func TestMeetingAFailureOfLiveKitIsNamed(t *testing.T) {
	t.Parallel()
	for _, test := range meetingRefusals {
		s := newMeeting(t, domain.Restricted, withSubtitles)
		s.everybody()
		s.join("bob", "TR_1")
		b := s.as(s.owner)
		if test.pass {
			b = s.bearing(s.pass("bob"))
		}
		for failure, want := range map[error]struct {
			status int
			body   string
		}{
			domain.ErrLiveKitRefused:      {500, `{"error":"` + test.refused + `"}`},
			domain.ErrLiveKitDown:         {502, `{"detail":"The media server cannot be reached."}`},
			domain.ErrLiveKitSlow:         {504, `{"detail":"The media server did not answer in time."}`},
			domain.ErrParticipantNotFound: {404, meetingNotThere},
		} {
			s.meeting.Err = failure
			if errors.Is(failure, domain.ErrParticipantNotFound) && (test.action == "mute-all/" || test.action == "start-subtitle/" || test.action == "end/") {
				continue
			}
			meetingFails(b, s.path+test.action, test.body).is(want.status, want.body)
		}
		s.meeting.Err = nil
		s.join("bob", "TR_1")
		if a := meetingFails(b, s.path+test.action, test.body); a.status != 200 {
			t.Errorf("%s afterwards: %d %s", test.action, a.status, a.body)
		}
	}
}

func TestMeetingWhoIsRemovedWhileLiveKitFailsStaysOut(t *testing.T) {
	t.Parallel()
	for _, failure := range []error{domain.ErrLiveKitRefused, domain.ErrLiveKitDown, domain.ErrLiveKitSlow} {
		s := newMeeting(t, domain.Restricted)
		b, boss := s.as(s.guest), s.as(s.owner)
		s.admitted(b, s.guest.Sub)
		s.meeting.Err = failure
		if a := meetingFails(boss, s.path+"remove-participant/", map[string]any{"participant_identity": s.guest.Sub}); a.status < 500 {
			t.Errorf("%d %s", a.status, a.body)
		}
		if _, there := s.entry(b.id()); there {
			t.Errorf("%v: the entry is still there", failure)
		}
		roomsHas(s.knock(b, "Gus"), 200, map[string]any{"status": "denied"})
		roomsHas(boss.get(s.path+"removed-participants/"), 200, map[string]any{"participants.0.id": s.guest.Sub, "participants.1": nil})
	}
}

func TestMeetingDecisionsNeedNoLiveKit(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.meeting.Err = domain.ErrLiveKitDown
	b, boss := s.stranger(), s.as(s.owner)
	s.knock(b, "Ann").is(200, "-")
	boss.get(s.path+"waiting-participants/").is(200, "-")
	s.decide(boss, b.id(), true)
	roomsHas(s.knock(b, "Ann"), 200, map[string]any{"status": "accepted", "livekit.url": liveURL})
	boss.get(s.path+"removed-participants/").is(200, `{"participants":[]}`)
}

func TestMeetingWhoIsSignedOutByTheProviderLeavesTheMeeting(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.admitted(s.as(s.guest), s.guest.Sub)
	s.everybody()
	s.told("room_started", "RM_1", "")
	for _, user := range []domain.User{s.guest, s.member} {
		s.told("participant_joined", "RM_1", s.person(user.Sub))
	}
	s.provider.Notices["token"] = domain.LogoutNotice{Subject: s.guest.Sub, ID: "1"}
	machine := s.stranger()
	machine.header["Content-Type"] = "application/x-www-form-urlencoded"
	machine.post("/backchannel-logout/", "logout_token=token").is(204, "")
	if s.called("remove "+s.guest.Sub) != 1 || s.called("remove") != 1 || len(s.Warnings) != 0 {
		t.Errorf("called %v, warnings %v", s.meeting.Said(), s.Warnings)
	}
}
