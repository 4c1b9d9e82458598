package event

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"meet/domain"
)

// Reconcile compares what we know with what LiveKit says, and repairs what
// events did not tell, unless another process is at it. What is written
// meanwhile is left alone; a room that cannot be looked at stays as it is.
func (s *Service) Reconcile(ctx context.Context) error {
	err := s.alone(ctx, "reconciliation", func(mine func() (bool, error)) error {
		now, err := s.remember(ctx)
		if err != nil {
			return err
		}
		running, err := s.Meeting.Running(ctx)
		if err != nil {
			return err
		}
		var failed []error
		for _, meeting := range running {
			if still, err := mine(); err != nil || !still {
				return err
			}
			if err := s.observe(ctx, meeting, now); err != nil {
				now.unclear[meeting.Room] = true
				failed = append(failed, err)
			}
		}
		failed = append(failed, s.close(ctx, now), s.recordings(ctx, now.at))
		if s.rules.Retention > 0 {
			failed = append(failed, s.Attendance.Forget(ctx, now.at.Add(-s.rules.Retention)))
		}
		return errors.Join(failed...)
	})
	if err != nil {
		return fmt.Errorf("reconcile: %w", err)
	}
	return nil
}

// find puts into the inbox what nobody reported; it is handled soon after, by
// Drain, and tried again when that fails.
func (s *Service) find(ctx context.Context, event domain.Event) error {
	fresh, err := s.Inbox.Put(ctx, event, s.world.Now())
	if fresh {
		s.ring()
	}
	return err
}

// snapshot is what we knew when we asked, and what LiveKit said.
type snapshot struct {
	at        time.Time
	meetings  []domain.Meeting
	presences []domain.Presence
	known     map[string]bool      // ids of those meetings and connections
	seen      map[string]bool      // ids of those that are there
	unclear   map[string]bool      // rooms that could not be looked at
	begun     map[string]time.Time // when the meetings that run began, by room
}

// remember is what we know.
func (s *Service) remember(ctx context.Context) (*snapshot, error) {
	now := &snapshot{at: s.world.Now(), known: map[string]bool{}, seen: map[string]bool{}, unclear: map[string]bool{}, begun: map[string]time.Time{}}
	var err error
	now.meetings, now.presences, err = s.Attendance.Open(ctx, now.at)
	for _, meeting := range now.meetings {
		now.known[meeting.SID] = true
	}
	for _, presence := range now.presences {
		now.known[presence.SID] = true
	}
	return now, err
}

// observe records the meeting that LiveKit runs and the people at it, as far
// as they are not known.
func (s *Service) observe(ctx context.Context, meeting domain.Meeting, now *snapshot) error {
	now.seen[meeting.SID], now.begun[meeting.Room] = true, meeting.StartedAt
	ignored, err := s.ignored(ctx, meeting.Room)
	if err != nil {
		return err
	}
	if ignored {
		s.tidy(ctx, meeting)
		return nil
	}
	var failed error
	if !now.known[meeting.SID] {
		failed = s.find(ctx, domain.Event{
			ID: "unseen start of " + meeting.SID, Kind: domain.RoomStarted, At: meeting.StartedAt, Room: meeting.Room, Meeting: meeting,
		})
	}
	people, err := s.People.List(ctx, meeting.Room)
	if err != nil {
		return errors.Join(failed, err)
	}
	arrived := func(p domain.Participant) bool { return p.Connected && !now.known[p.SID] }
	open, err := s.guard(ctx, meeting, people, arrived)
	failed = errors.Join(failed, err)
	for _, p := range people {
		if !p.Connected {
			continue
		}
		now.seen[p.SID] = true
		if !now.known[p.SID] && !open[p.SID] {
			failed = errors.Join(failed, s.attends(ctx, meeting, p, time.Time{}))
		}
	}
	return failed
}

// tidy closes the room of a connection test that is over: LiveKit renews the
// tokens of those who stay.
func (s *Service) tidy(ctx context.Context, meeting domain.Meeting) {
	if s.rules.TestPrefix == "" || !strings.HasPrefix(meeting.Room, s.rules.TestPrefix+"-") ||
		s.world.Now().Before(meeting.StartedAt.Add(s.rules.TestAge)) {
		return
	}
	if err := s.Meeting.End(ctx, meeting.Room); err != nil && !errors.Is(err, domain.ErrMeetingNotRunning) {
		s.world.Warn(ctx, "the room of a connection test could not be closed", "room", meeting.Room, "error", err)
	}
}

// close ends what LiveKit does not know any more.
func (s *Service) close(ctx context.Context, now *snapshot) error {
	for _, presence := range now.presences {
		if now.seen[presence.SID] || now.unclear[presence.Room] {
			continue
		}
		if err := s.Attendance.Attend(ctx, presence.Within(&now.at), s.world.Now()); err != nil {
			return err
		}
	}
	for _, meeting := range now.meetings {
		if now.seen[meeting.SID] || now.unclear[meeting.Room] {
			continue
		}
		at := now.at
		if next, runs := now.begun[meeting.Room]; runs && next.Before(at) {
			at = next // it was over when the next one began
		}
		end := domain.Event{ID: "unseen end of " + meeting.SID, Kind: domain.RoomFinished, At: at, Room: meeting.Room, Meeting: meeting}
		if err := s.find(ctx, end); err != nil {
			return err
		}
	}
	return nil
}
