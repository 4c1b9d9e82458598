package event_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/adapters/memstore"
	"meet/application/event"
	"meet/domain"
)

// room registers a room with a PIN, in which a meeting runs.
func (s *stage) room(name string) (domain.Room, domain.Meeting) {
	s.t.Helper()
	room, err := domain.NewRoom(uuid.New(), name, "x", domain.Public, nil, s.world.Now())
	room.PinCode = name
	if err == nil {
		err = memstore.Rooms{Store: s.store}.Add(s.t.Context(), room, domain.ResourceAccess{ID: uuid.New(), ResourceID: room.ID, UserID: uuid.New(), Role: domain.Owner})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.livekit.Join(room.ID.String(), domain.Participant{Identity: "ann"}, s.world.Now())
	running, _ := s.livekit.Running(s.t.Context())
	for _, meeting := range running {
		if meeting.Room == room.ID.String() {
			return room, meeting
		}
	}
	s.t.Fatal("no meeting")
	return room, domain.Meeting{}
}

func (s *stage) receive(kind domain.EventKind, meeting domain.Meeting) {
	s.t.Helper()
	s.report(kind, meeting, domain.Participant{})
	e := s.mail[len(s.mail)-1]
	s.mail = nil
	if _, err := (memstore.Inbox{Store: s.store}).Put(s.t.Context(), e, s.world.Now()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) drain() {
	s.t.Helper()
	if err := s.service.Drain(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func dialIn(r *event.Rules) { r.DialIn = true }

func TestALineIsNotOpenedAfterTheMeeting(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1, dialIn)
	room, meeting := s.room("0123456789")
	s.livekit.Err = domain.ErrLiveKitDown
	s.receive(domain.RoomStarted, meeting)
	s.drain()
	s.livekit.Err = nil
	s.livekit.Close(meeting.Room)
	s.receive(domain.RoomFinished, meeting)
	s.drain()
	s.world.Forward(time.Hour)
	s.drain()
	if pin, open := s.livekit.Rules[room.ID]; open {
		t.Errorf("the line %s is open", pin)
	}
}

func TestWhatFailsAtAnUnseenEndIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1, dialIn)
	room, meeting := s.room("0123456789")
	s.receive(domain.RoomStarted, meeting)
	s.drain()
	bans := memstore.Bans{Store: s.store}
	if err := bans.Add(t.Context(), domain.Ban{RoomID: room.ID, Identity: "bob", CreatedAt: s.world.Now()}); err != nil {
		t.Fatal(err)
	}
	s.livekit.Close(meeting.Room)
	s.livekit.Err = domain.ErrLiveKitDown
	s.world.Forward(time.Minute)
	if err := s.service.Reconcile(t.Context()); !errors.Is(err, domain.ErrLiveKitDown) {
		t.Errorf("got %v", err)
	}
	s.livekit.Err = nil
	for range 3 {
		if err := s.service.Reconcile(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.drain()
		s.world.Forward(time.Minute)
	}
	if banned, err := bans.Has(t.Context(), room.ID, "bob"); banned || err != nil || len(s.livekit.Rules) != 0 {
		t.Errorf("banned %v, error %v, lines %v", banned, err, s.livekit.Rules)
	}
}

func TestOneRoomThatFailsStopsNoOther(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1)
	_, over := s.room("1111")
	stuck, _ := s.room("2222")
	for _, meeting := range []domain.Meeting{over} {
		s.receive(domain.RoomStarted, meeting)
	}
	s.drain()
	s.livekit.Close(over.Room)
	if err := (memstore.Bans{Store: s.store}).Add(t.Context(), domain.Ban{RoomID: stuck.ID, Identity: "ann", CreatedAt: s.world.Now()}); err != nil {
		t.Fatal(err)
	}
	s.livekit.Stubborn = "ann"
	s.world.Forward(time.Minute)
	if err := s.service.Reconcile(t.Context()); !errors.Is(err, domain.ErrLiveKitRefused) {
		t.Errorf("got %v", err)
	}
	s.drain()
	if runs, err := (memstore.Attendance{Store: s.store}).Runs(t.Context(), over.Room); runs || err != nil {
		t.Errorf("the other room runs %v, error %v", runs, err)
	}
}

func TestALineThatNobodyAskedForIsOpenedInTheEnd(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1, dialIn)
	room, _ := s.room("0123456789") // nobody reported its start
	for _, err := range []error{domain.ErrLiveKitDown, nil, nil} {
		s.livekit.Err = nil
		if err := s.service.Reconcile(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.livekit.Err = err
		s.drain()
		s.world.Forward(time.Minute)
	}
	if s.livekit.Rules[room.ID] != "0123456789" {
		t.Errorf("lines %v", s.livekit.Rules)
	}
}

func TestBansEndEvenWhenTheNextMeetingFollowsAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1)
	room, first := s.room("1")
	bans := memstore.Bans{Store: s.store}
	if err := bans.Add(t.Context(), domain.Ban{RoomID: room.ID, Identity: "bob", CreatedAt: s.world.Now()}); err != nil {
		t.Fatal(err)
	}
	second := first
	second.SID = "RM_next"
	s.receive(domain.RoomFinished, first)
	s.receive(domain.RoomStarted, second)
	s.drain()
	if banned, err := bans.Has(t.Context(), room.ID, "bob"); banned || err != nil {
		t.Errorf("banned %v, error %v", banned, err)
	}
}

func TestTheUnseenEndOfAMeetingKeepsTheBansOfTheNext(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1)
	room, first := s.room("1")
	s.receive(domain.RoomStarted, first)
	s.drain()
	s.livekit.Close(first.Room) // nobody reported it
	s.world.Forward(time.Minute)
	s.livekit.Join(first.Room, domain.Participant{Identity: "ann"}, s.world.Now())
	s.world.Forward(10 * time.Second)
	bans := memstore.Bans{Store: s.store}
	if err := bans.Add(t.Context(), domain.Ban{RoomID: room.ID, Identity: "bob", CreatedAt: s.world.Now()}); err != nil {
		t.Fatal(err)
	}
	s.world.Forward(10 * time.Second)
	if err := s.service.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.drain()
	if banned, err := bans.Has(t.Context(), room.ID, "bob"); !banned || err != nil {
		t.Errorf("banned %v, error %v", banned, err)
	}
}
