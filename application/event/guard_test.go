package event_test

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/adapters/memstore"
	"meet/application/event"
	"meet/domain"
	"meet/ports"
)

// silentLobby is a lobby that cannot be asked while err is not nil.
type silentLobby struct {
	ports.Lobby
	err *error
}

func (l silentLobby) Admitted(ctx context.Context, room uuid.UUID, identity string) (bool, error) {
	if *l.err != nil {
		return false, *l.err
	}
	return l.Lobby.Admitted(ctx, room, identity)
}

// closed is a restricted room in which a meeting runs, at which a stranger
// has just come.
func (s *stage) closed() (domain.Meeting, domain.Participant) {
	s.t.Helper()
	room, meeting := s.room("0123456789")
	s.world.Forward(time.Minute)
	err := s.service.Reconcile(s.t.Context())
	if err == nil {
		err = memstore.Rooms{Store: s.store}.Update(s.t.Context(), room.ID, uuid.Nil, func(r *domain.Room, _ domain.Role) error {
			r.AccessLevel = domain.Restricted
			return nil
		})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.world.Forward(time.Minute)
	return meeting, s.joins(meeting.Room, "eve")
}

func (s *stage) joins(room, identity string) domain.Participant {
	return s.livekit.Join(room, domain.Participant{Identity: identity, ByToken: true}, s.world.Now())
}

func (s *stage) there(room, identity string) bool {
	_, err := s.livekit.Find(s.t.Context(), room, identity)
	return err == nil
}

func (s *stage) ban(room, identity string) {
	s.t.Helper()
	if err := s.service.Bans.Add(s.t.Context(), domain.Ban{RoomID: uuid.MustParse(room), Identity: identity, CreatedAt: s.world.Now()}); err != nil {
		s.t.Fatal(err)
	}
}

// reconcile compares a minute later, and expects the error.
func (s *stage) reconcile(want error) {
	s.t.Helper()
	s.world.Forward(time.Minute)
	if err := s.service.Reconcile(s.t.Context()); !errors.Is(err, want) {
		s.t.Errorf("got %v, want %v", err, want)
	}
}

func TestWhoCouldNotBeJudgedIsJudgedAgain(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]func(*stage, *error){
		"the lobby is away":      func(_ *stage, lobby *error) { *lobby = domain.ErrLiveKitSlow },
		"LiveKit removes nobody": func(s *stage, _ *error) { s.livekit.Stubborn = "eve" },
	} {
		for _, reported := range []bool{false, true} {
			s := newStage(t, 1)
			var lobby error
			s.service.Entries = silentLobby{s.service.Entries, &lobby}
			meeting, eve := s.closed()
			trouble(s, &lobby)
			if reported {
				s.report(domain.ParticipantJoined, meeting, eve)
				if _, err := s.service.Inbox.Put(t.Context(), s.mail[0], s.world.Now()); err != nil {
					t.Fatal(err)
				}
				for range 20 { // until the event is given up
					s.drain()
					s.world.Forward(time.Hour)
				}
			}
			if err := s.service.Reconcile(t.Context()); err == nil || !s.there(meeting.Room, "eve") {
				t.Errorf("%s: error %v", name, err)
			}
			lobby, s.livekit.Stubborn = nil, ""
			s.reconcile(nil)
			if s.there(meeting.Room, "eve") || !s.there(meeting.Room, "ann") {
				t.Errorf("%s, reported %v: who came is not judged", name, reported)
			}
		}
	}
}

func TestAnUndecidedArrivalKeepsNobodyInside(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1)
	var lobby error
	s.service.Entries = silentLobby{s.service.Entries, &lobby}
	meeting, _ := s.closed()
	s.joins(meeting.Room, "bob")
	s.ban(meeting.Room, "bob")
	lobby = domain.ErrLiveKitSlow
	s.reconcile(domain.ErrLiveKitSlow)
	if s.there(meeting.Room, "bob") || !s.there(meeting.Room, "eve") {
		t.Errorf("bob is there: %v, eve: %v", s.there(meeting.Room, "bob"), s.there(meeting.Room, "eve"))
	}
}

// TestTheRecordNamesWhoeverIsPutOutOnceInAMeeting although they come again and
// again.
func TestTheRecordNamesWhoeverIsPutOutOnceInAMeeting(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1)
	bob := domain.User{Profile: domain.Profile{ID: uuid.New()}, Sub: "bob", IsActive: true}
	if err := (memstore.Users{Store: s.store}).Add(t.Context(), bob); err != nil {
		t.Fatal(err)
	}
	meeting, _ := s.closed()
	room := uuid.MustParse(meeting.Room)
	s.ban(meeting.Room, "bob")
	for range 5 {
		s.joins(meeting.Room, "bob")
		s.reconcile(nil)
	}
	subjects := map[string]int{}
	for _, deed := range s.world.Deeds {
		if deed.Action == domain.ParticipantPutOut && deed.Room == room {
			subjects[deed.Subject]++
		}
	}
	if len(subjects) != 2 || subjects[bob.ID.String()] != 1 || subjects[domain.SubjectOf(domain.User{}, "eve")] != 1 {
		t.Errorf("put out %v", subjects)
	}
}

// TestNoFilterHidesARegisteredRoom removes somebody in a room that the filter
// does not let pass.
func TestNoFilterHidesARegisteredRoom(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1, func(r *event.Rules) { r.Filter = regexp.MustCompile("^nothing$") })
	room, meeting := s.room("0123456789")
	said := func(kind domain.EventKind, meeting domain.Meeting, p domain.Participant) {
		s.report(kind, meeting, p)
		body, err := json.Marshal(s.mail[len(s.mail)-1])
		if err == nil {
			err = s.service.Receive(t.Context(), "", func() ([]byte, error) { return body, nil })
		}
		if err != nil {
			t.Fatal(err)
		}
		s.drain()
	}
	s.ban(meeting.Room, "bob")
	said(domain.ParticipantJoined, meeting, s.joins(meeting.Room, "bob"))
	if s.there(meeting.Room, "bob") {
		t.Error("who was removed is back")
	}
	s.joins(meeting.Room, "bob")
	s.reconcile(nil)
	if s.there(meeting.Room, "bob") {
		t.Error("who was removed is back, unseen")
	}
	s.world.Forward(time.Minute)
	said(domain.RoomFinished, meeting, domain.Participant{})
	if banned, err := s.service.Bans.Has(t.Context(), room.ID, "bob"); banned || err != nil {
		t.Errorf("after the meeting: kept out %v, error %v", banned, err)
	}
}

func TestTheFilterHidesTheRoomsOfOthers(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1, func(r *event.Rules) { r.Filter = regexp.MustCompile("^nothing$") })
	for _, room := range []string{uuid.NewString(), "somewhere"} {
		s.livekit.Join(room, domain.Participant{Identity: "ann"}, s.world.Now())
		e := domain.Event{ID: room, Kind: domain.RoomStarted, Room: room, Meeting: domain.Meeting{SID: room, Room: room}}
		body, err := json.Marshal(e)
		if err == nil {
			err = s.service.Receive(t.Context(), "", func() ([]byte, error) { return body, nil })
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	s.reconcile(nil)
	s.drain()
	meetings, _, err := s.service.Attendance.Open(t.Context(), s.world.Now().Add(time.Hour))
	if len(meetings) != 0 || err != nil {
		t.Errorf("meetings %v, error %v", meetings, err)
	}
}
