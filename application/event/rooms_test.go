package event_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

// stuck is a telephone side that does not answer about one room.
type stuck struct {
	room    uuid.UUID
	asked   chan struct{}
	release chan struct{}
	err     error // about all others
}

func (s stuck) Open(ctx context.Context, room uuid.UUID, _ string) (bool, error) {
	if room != s.room {
		return false, s.err
	}
	close(s.asked)
	select {
	case <-s.release:
	case <-ctx.Done():
	}
	return true, nil
}

func (s stuck) Close(context.Context, uuid.UUID) error { return s.err }

// TestNoRoomWaitsForAnother lets LiveKit hang about one room, and reports
// of another meanwhile, before and after the work has begun.
func TestNoRoomWaitsForAnother(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1, dialIn)
	slow, slowMeeting := s.room("0123456789")
	quick, quickMeeting := s.room("9876543210")
	line := stuck{slow.ID, make(chan struct{}), make(chan struct{}), nil}
	s.service.DialIn = line
	for _, room := range []domain.Room{slow, quick} {
		for _, identity := range []string{"bob", "eve"} {
			s.livekit.Join(room.ID.String(), domain.Participant{Identity: identity}, s.world.Now())
			if err := s.service.Bans.Add(t.Context(), domain.Ban{RoomID: room.ID, Identity: identity, CreatedAt: s.world.Now()}); err != nil {
				t.Fatal(err)
			}
		}
	}
	there := func(room domain.Room, identity string) bool {
		_, err := s.livekit.Find(t.Context(), room.ID.String(), identity)
		return err == nil
	}
	joins := func(meeting domain.Meeting, identity string) {
		s.report(domain.ParticipantJoined, meeting, domain.Participant{SID: uuid.NewString(), Identity: identity, JoinedAt: s.world.Now()})
		e := s.mail[len(s.mail)-1]
		if _, err := s.service.Inbox.Put(t.Context(), e, s.world.Now()); err != nil {
			t.Error(err)
		}
	}
	gone := func(room domain.Room, identity string) {
		t.Helper()
		for deadline := time.After(10 * time.Second); there(room, identity); {
			select {
			case <-deadline:
				t.Fatalf("%s waits for another room", identity)
			case <-time.After(time.Millisecond):
			}
		}
	}
	s.receive(domain.RoomStarted, slowMeeting)
	s.world.Forward(time.Second)
	joins(slowMeeting, "bob")
	joins(quickMeeting, "bob")
	done := make(chan error, 1)
	go func() { done <- s.service.Drain(t.Context()) }()
	<-line.asked
	gone(quick, "bob")
	if !there(slow, "bob") {
		t.Error("the events of one room are out of order")
	}
	joins(quickMeeting, "eve")
	gone(quick, "eve")
	close(line.release)
	if err := <-done; err != nil {
		t.Error(err)
	}
	gone(slow, "bob")
}

func TestTelephonyThatIsNotThereIsToldOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1, dialIn)
	s.service.DialIn = stuck{err: domain.ErrNoTelephony}
	for _, name := range []string{"0123456789", "9876543210"} {
		_, meeting := s.room(name)
		s.receive(domain.RoomStarted, meeting)
		s.drain()
		s.livekit.Close(meeting.Room)
		s.receive(domain.RoomFinished, meeting)
		s.drain()
	}
	s.world.Forward(time.Hour)
	if events, err := s.service.Inbox.Due(t.Context(), s.world.Now(), 10); len(events) != 0 || err != nil || len(s.world.Warnings) != 1 {
		t.Errorf("due %v, error %v, warnings %v", events, err, s.world.Warnings)
	}
}
