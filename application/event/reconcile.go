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
// meanwhile is left alone.
func (s *Service) Reconcile(ctx context.Context) error {
	return s.alone(ctx, "reconciliation", func() error {
		asked := s.world.Now()
		meetings, presences, err := s.Attendance.Open(ctx, asked)
		if err != nil {
			return fmt.Errorf("reconcile: %w", err)
		}
		seen, err := s.observe(ctx, meetings)
		if err == nil {
			err = s.close(ctx, asked, meetings, presences, seen)
		}
		if err == nil && s.rules.Retention > 0 {
			err = s.Attendance.Forget(ctx, asked.Add(-s.rules.Retention))
		}
		if err != nil {
			return fmt.Errorf("reconcile: %w", err)
		}
		return nil
	})
}

// observe records all that LiveKit says is there; seen are the ids of it.
func (s *Service) observe(ctx context.Context, known []domain.Meeting) (seen map[string]bool, err error) {
	running, err := s.Meeting.Running(ctx)
	if err != nil {
		return nil, err
	}
	seen = map[string]bool{}
	before := map[string]bool{}
	for _, meeting := range known {
		before[meeting.SID] = true
	}
	for _, meeting := range running {
		seen[meeting.SID] = true
		if s.ignored(domain.Event{Room: meeting.Room}) {
			s.tidy(ctx, meeting)
			continue
		}
		if !before[meeting.SID] {
			err = s.started(ctx, meeting)
		}
		if err == nil {
			err = s.attend(ctx, meeting, seen)
		}
		if err != nil {
			return nil, err
		}
	}
	return seen, nil
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

// attend records who is at the meeting.
func (s *Service) attend(ctx context.Context, meeting domain.Meeting, seen map[string]bool) error {
	people, err := s.People.List(ctx, meeting.Room)
	if err != nil {
		return err
	}
	for _, p := range people {
		if !p.Connected {
			continue
		}
		seen[p.SID] = true
		if err := s.attends(ctx, meeting, p, time.Time{}); err != nil {
			return err
		}
	}
	return s.guard(ctx, meeting.Room, people)
}

// close ends what LiveKit does not know any more.
func (s *Service) close(ctx context.Context, at time.Time, meetings []domain.Meeting, presences []domain.Presence, seen map[string]bool) error {
	for _, presence := range presences {
		if seen[presence.SID] {
			continue
		}
		if err := s.Attendance.Attend(ctx, presence.Within(&at), s.world.Now()); err != nil {
			return err
		}
	}
	for _, meeting := range meetings {
		if seen[meeting.SID] {
			continue
		}
		if err := s.finished(ctx, meeting, at); err != nil {
			return err
		}
	}
	return nil
}
