package event

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

const (
	leaseTime = 30 * time.Second // of a process that has crashed; a step that lasts longer may be done twice, as it can
	maxDelay  = 10 * time.Minute
	maxTries  = 12 // about an hour
)

// alone does the work unless another process does it now. The work asks mine
// before each step, which prolongs the lease, and stops when it is lost.
func (s *Service) alone(ctx context.Context, name string, work func(mine func() (bool, error)) error) error {
	var until time.Time
	mine := func() (bool, error) {
		now := s.world.Now()
		if now.Add(leaseTime / 2).Before(until) {
			return true, nil
		}
		until = now.Add(leaseTime)
		return s.Leases.Acquire(ctx, name, s.me, now, until)
	}
	first, err := mine()
	if err != nil || !first {
		return err
	}
	err = work(mine)
	return errors.Join(err, s.Leases.Release(context.WithoutCancel(ctx), name, s.me))
}

// settle handles the event, or puts it off when that fails.
func (s *Service) settle(ctx context.Context, event domain.Event) error {
	err := s.handle(ctx, event)
	switch {
	case err == nil:
		return s.Inbox.Handled(ctx, event.ID)
	case ctx.Err() != nil:
		return ctx.Err()
	case event.Attempts >= maxTries:
		s.world.Warn(ctx, "event given up", "kind", event.Kind, "room", event.Room, "error", err)
		return s.Inbox.Handled(ctx, event.ID)
	}
	s.world.Warn(ctx, "event could not be handled, trying again later", "kind", event.Kind, "room", event.Room, "error", err)
	delay := min(time.Second<<event.Attempts, maxDelay)
	return s.Inbox.Postpone(ctx, event.ID, s.world.Now().Add(delay))
}

// handle does what the event calls for. It can be done again.
func (s *Service) handle(ctx context.Context, event domain.Event) error {
	switch event.Kind {
	case domain.RoomStarted:
		return s.started(ctx, event.Meeting)
	case domain.ParticipantJoined:
		return s.joined(ctx, event.Meeting, event.Participant)
	case domain.ParticipantLeft:
		return s.attends(ctx, event.Meeting, event.Participant, event.At)
	case domain.RoomFinished:
		return s.finished(ctx, event.Meeting, event.At)
	case domain.EgressUpdated:
		return s.recording(ctx, event.Egress)
	case domain.EgressEnded:
		return s.recorded(ctx, event.Egress)
	default:
		return nil
	}
}

// roomID is the room that runs under the LiveKit name; temporary rooms, which
// nobody registered, run under other names.
func roomID(name string) (id uuid.UUID, registered bool) {
	id, err := uuid.Parse(name)
	return id, err == nil
}

// started opens the telephone line of a room that has a PIN.
func (s *Service) started(ctx context.Context, meeting domain.Meeting) error {
	if err := s.Attendance.Meet(ctx, meeting, s.world.Now()); err != nil {
		return err
	}
	id, registered := roomID(meeting.Room)
	if !registered || !s.rules.DialIn {
		return nil
	}
	if runs, err := s.Attendance.Runs(ctx, meeting.Room); err != nil || !runs { // it is late news
		return err
	}
	view, err := s.Rooms.View(ctx, domain.RoomKey{ID: id}, uuid.Nil)
	switch {
	case errors.Is(err, domain.ErrRoomNotFound):
		return nil
	case err != nil:
		return err
	case view.PinCode == "":
		return nil
	}
	_, err = s.DialIn.Open(ctx, id, view.PinCode)
	if err = s.telephony(ctx, err); err != nil {
		return fmt.Errorf("open telephone line: %w", err)
	}
	return nil
}

// telephony passes errors of telephone lines on, but one: that the media
// server has no telephony is told once, and waits for nothing.
func (s *Service) telephony(ctx context.Context, err error) error {
	if !errors.Is(err, domain.ErrNoTelephony) {
		return err
	}
	s.silent.Do(func() {
		s.world.Warn(ctx, "telephony is on, but LiveKit runs without SIP: nobody can dial in", "settings", "ROOM_TELEPHONY_ENABLED ROOMKIT_ENABLED")
	})
	return nil
}

// joined puts out who may not be there, and records who came. Whoever could
// not be judged is not recorded, so that the reconciler knows whom to judge.
func (s *Service) joined(ctx context.Context, meeting domain.Meeting, p domain.Participant) error {
	if err := s.Attendance.Meet(ctx, meeting, s.world.Now()); err != nil {
		return err
	}
	open, err := s.guard(ctx, meeting, []domain.Participant{p}, func(domain.Participant) bool { return true })
	if open[p.SID] {
		return err
	}
	return errors.Join(err, s.attends(ctx, meeting, p, time.Time{}))
}

// attends records that somebody is or was there; left is the zero time while
// they are. Machines do not attend.
func (s *Service) attends(ctx context.Context, meeting domain.Meeting, p domain.Participant, left time.Time) error {
	if p.Machine {
		return nil
	}
	return s.Attendance.Attend(ctx, domain.PresenceOf(meeting, p, left), s.world.Now())
}

// finished ends everything that lasts as long as the meeting: all presences,
// what the lobby remembers, who is kept out, the telephone line.
func (s *Service) finished(ctx context.Context, meeting domain.Meeting, at time.Time) error {
	meeting.EndedAt = &at
	if err := s.Attendance.Meet(ctx, meeting, s.world.Now()); err != nil {
		return err
	}
	id, registered := roomID(meeting.Room)
	if !registered {
		return nil
	}
	if err := s.Bans.Clear(ctx, id, at.Add(time.Second)); err != nil {
		return err
	}
	runs, err := s.Attendance.Runs(ctx, meeting.Room)
	if err != nil || runs { // the next meeting has begun: it is late news
		return err
	}
	if s.rules.DialIn {
		err = s.telephony(ctx, s.DialIn.Close(ctx, id))
	}
	return errors.Join(err, s.Entries.Clear(ctx, id))
}
