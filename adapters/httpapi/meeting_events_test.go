package httpapi_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

func withTelephones(s *setup) { s.events.DialIn = true }

// pin gives the room digits to dial in with.
func (s *meetingScene) pin(code string) {
	s.t.Helper()
	err := s.rooms.Update(s.t.Context(), s.room.ID, s.owner.ID, func(r *domain.Room, _ domain.Role) error {
		r.PinCode = code
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// told reports something about the room and has it handled.
func (s *meetingScene) told(event, sid, more string) {
	s.t.Helper()
	s.report(s.NewID().String(), event, sid, s.room.ID.String(), more)
	s.drain()
}

// person is the part of a report that is about somebody.
func (s *meetingScene) person(identity string) string {
	return fmt.Sprintf(`,"participant":{"sid":"PA_%s","identity":%q,"state":"ACTIVE","joinedAt":"%d"}`, identity, identity, s.Now().Unix())
}

func TestMeetingTelephonesReachARoomWhileItRuns(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted, withTelephones)
	s.pin("0123456789")
	s.told("room_started", "RM_1", "")
	if s.meeting.Rules[s.room.ID] != "0123456789" || s.called("open "+s.room.ID.String()) != 1 {
		t.Errorf("rules %v, called %v", s.meeting.Rules, s.meeting.Said())
	}
	s.told("room_started", "RM_1", "") // the line is there already
	s.told("room_finished", "RM_1", "")
	if len(s.meeting.Rules) != 0 || s.called("close "+s.room.ID.String()) != 1 || len(s.Warnings) != 0 {
		t.Errorf("rules %v, called %v, warnings %v", s.meeting.Rules, s.meeting.Said(), s.Warnings)
	}
}

func TestMeetingOtherRoomsHaveNoTelephones(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		on   bool
		pin  string
		room string // "" for the room
	}{
		"off": {false, "0123456789", ""}, "no PIN": {true, "", ""}, "temporary": {true, "0123456789", "temporary"},
		"unknown": {true, "0123456789", uuid.NewString()}, "invalid": {true, "0123456789", "invalid-uuid"},
	} {
		s := newMeeting(t, domain.Restricted, func(s *setup) { s.events.DialIn = test.on })
		if test.pin != "" {
			s.pin(test.pin)
		}
		room := test.room
		if room == "" {
			room = s.room.ID.String()
		}
		s.report("EV_1", "room_started", "RM_1", room, "")
		s.drain()
		if s.called("open") != 0 || len(s.Warnings) != 0 {
			t.Errorf("%s: called %v, warnings %v", name, s.meeting.Said(), s.Warnings)
		}
	}
}

func TestMeetingTheEndOfAMeetingForgetsItsGuests(t *testing.T) {
	t.Parallel()
	for _, telephones := range []bool{true, false} {
		s := newMeeting(t, domain.Restricted, func(s *setup) { s.events.DialIn = telephones })
		boss := s.as(s.owner)
		waiting, accepted, denied := s.stranger(), s.stranger(), s.stranger()
		for _, b := range []*browser{waiting, accepted, denied} {
			s.knock(b, "Ann")
		}
		s.decide(boss, accepted.id(), true)
		s.decide(boss, denied.id(), false)
		other := s.stranger()
		s.world.room("elsewhere", s.owner, roomsLevel(domain.Restricted))
		other.post("/rooms/elsewhere/request-entry/", map[string]any{"username": "Ann"}).is(200, "-")
		s.told("room_finished", "RM_1", "")
		for _, b := range []*browser{waiting, accepted, denied} {
			if entry, there := s.entry(b.id()); there {
				t.Errorf("entry %+v", entry)
			}
			roomsHas(s.knock(b, "Bob"), 200, map[string]any{"status": "waiting", "username": "Bob"})
		}
		roomsHas(boss.get("/rooms/elsewhere/waiting-participants/"), 200, map[string]any{"participants.0.id": other.id()})
		if (s.called("close") == 1) != telephones {
			t.Errorf("called %v", s.meeting.Said())
		}
	}
}

func TestMeetingLateNewsOfAnEndDoNotTouchTheNextMeeting(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted, withTelephones)
	s.pin("0123456789")
	b := s.stranger()
	s.told("room_started", "RM_1", "")
	s.told("room_started", "RM_2", "")
	s.knock(b, "Ann")
	s.decide(s.as(s.owner), b.id(), true)
	s.told("room_finished", "RM_1", "")
	roomsHas(s.knock(b, "Ann"), 200, map[string]any{"status": "accepted"})
	if len(s.meeting.Rules) != 1 {
		t.Errorf("rules %v", s.meeting.Rules)
	}
	s.told("room_finished", "RM_2", "")
	roomsHas(s.knock(b, "Ann"), 200, map[string]any{"status": "waiting"})
	if len(s.meeting.Rules) != 0 {
		t.Errorf("rules %v", s.meeting.Rules)
	}
}

func TestMeetingAFailureIsTriedAgainAndNotLiveKitsBusiness(t *testing.T) {
	t.Parallel()
	for _, failure := range []error{domain.ErrLiveKitRefused, domain.ErrLiveKitDown, domain.ErrLiveKitSlow} {
		s := newMeeting(t, domain.Restricted, withTelephones)
		s.pin("0123456789")
		s.meeting.Err = failure
		s.told("room_started", "RM_1", "") // answered with success
		if len(s.Warnings) != 1 || s.called("open") != 1 {
			t.Errorf("warnings %v, called %v", s.Warnings, s.meeting.Said())
		}
		s.drain() // not due yet
		s.meeting.Err = nil
		s.Forward(time.Minute)
		s.drain()
		if s.called("open") != 2 || s.meeting.Rules[s.room.ID] == "" {
			t.Errorf("rules %v, called %v", s.meeting.Rules, s.meeting.Said())
		}
		s.Forward(time.Hour)
		s.drain()
		if s.called("open") != 2 {
			t.Errorf("handled again: %v", s.meeting.Said())
		}
	}
}

func TestMeetingAFailingTelephoneDoesNotKeepTheGuests(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted, withTelephones)
	b := s.stranger()
	s.knock(b, "Ann")
	s.meeting.Err = domain.ErrLiveKitDown
	s.told("room_finished", "RM_1", "")
	if s.waiting() != 0 {
		t.Error("the lobby is not cleared")
	}
	s.meeting.Err = nil
	s.Forward(time.Minute)
	s.drain()
	if s.called("close") != 2 {
		t.Errorf("called %v", s.meeting.Said())
	}
}

func TestMeetingAFailingReportIsGivenUpSomeDay(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted, withTelephones)
	s.pin("0123456789")
	s.meeting.Err = domain.ErrLiveKitRefused
	s.told("room_started", "RM_1", "")
	for range 30 {
		s.Forward(time.Hour)
		s.drain()
	}
	if count := s.called("open"); count < 5 || count > 20 || !slices.Contains(s.Warnings, "event given up") {
		t.Errorf("tried %d times, warnings %v", count, s.Warnings)
	}
}

func TestMeetingWhoMayNotBeThereIsPutOut(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	gone := s.user("gone", func(u *domain.User) { u.IsActive = false })
	s.told("room_started", "RM_1", "")
	s.join("bob")
	s.act(s.as(s.owner), "remove", "bob").is(200, meetingDone)
	before := len(s.meeting.Said())
	for _, identity := range []string{"bob", gone.Sub, s.guest.Sub, "ann"} {
		s.join(identity) // with a token of before
		s.told("participant_joined", "RM_1", s.person(identity))
	}
	if got := s.meeting.Said()[before:]; !slices.Equal(got, []string{"remove bob", "remove " + gone.Sub}) {
		t.Errorf("called %v", got)
	}
	s.told("room_finished", "RM_1", "")
	s.told("room_started", "RM_2", "")
	s.join("bob")
	s.told("participant_joined", "RM_2", s.person("bob"))
	if s.called("remove bob") != 2 {
		t.Errorf("called %v", s.meeting.Said())
	}
}

func TestMeetingReportsOfOneSecondAreHandledInTheirOrder(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted, withTelephones)
	s.pin("0123456789")
	s.report("a", "room_finished", "RM_1", s.room.ID.String(), "")
	s.report("z", "room_started", "RM_1", s.room.ID.String(), "")
	s.drain()
	if got, id := s.meeting.Said(), s.room.ID.String(); !slices.Equal(got, []string{"open " + id, "close " + id}) {
		t.Errorf("called %v", got)
	}
}
