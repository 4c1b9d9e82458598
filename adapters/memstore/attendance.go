package memstore

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"meet/domain"
	"meet/ports"
)

// Attendance implements ports.Attendance.
type Attendance struct{ *Store }

var _ ports.Attendance = Attendance{}

// written is a record and when it was last written.
type written[T any] struct {
	what T
	at   time.Time
}

func earliest(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.Before(*a) {
		return b
	}
	return a
}

// Meet implements ports.Attendance.
func (s Attendance) Meet(ctx context.Context, meeting domain.Meeting, now time.Time) error {
	defer s.locked(ctx)()
	if known, there := s.meetings[meeting.SID]; there {
		meeting.StartedAt = *earliest(&known.what.StartedAt, &meeting.StartedAt)
		meeting.EndedAt = earliest(known.what.EndedAt, meeting.EndedAt)
	}
	s.meetings[meeting.SID] = written[domain.Meeting]{meeting, now}
	for sid, presence := range s.presences {
		if presence.what.Meeting == meeting.SID && meeting.EndedAt != nil {
			presence.what, presence.at = presence.what.Within(meeting.EndedAt), now
			s.presences[sid] = presence
		}
	}
	return nil
}

// Attend implements ports.Attendance.
func (s Attendance) Attend(ctx context.Context, presence domain.Presence, now time.Time) error {
	defer s.locked(ctx)()
	if known, there := s.presences[presence.SID]; there {
		presence.JoinedAt = *earliest(&known.what.JoinedAt, &presence.JoinedAt)
		presence.LeftAt = earliest(known.what.LeftAt, presence.LeftAt)
	}
	presence = presence.Within(s.meetings[presence.Meeting].what.EndedAt)
	s.presences[presence.SID] = written[domain.Presence]{presence, now}
	return nil
}

// Open implements ports.Attendance.
func (s Attendance) Open(ctx context.Context, before time.Time) (meetings []domain.Meeting, presences []domain.Presence, err error) {
	defer s.locked(ctx)()
	for _, m := range s.meetings {
		if m.what.EndedAt == nil && m.at.Before(before) {
			meetings = append(meetings, m.what)
		}
	}
	for _, p := range s.presences {
		if p.what.LeftAt == nil && p.at.Before(before) {
			presences = append(presences, p.what)
		}
	}
	slices.SortFunc(meetings, func(a, b domain.Meeting) int { return cmp.Compare(a.SID, b.SID) })
	slices.SortFunc(presences, func(a, b domain.Presence) int { return cmp.Compare(a.SID, b.SID) })
	return meetings, presences, nil
}

// Runs implements ports.Attendance.
func (s Attendance) Runs(ctx context.Context, room string) (bool, error) {
	defer s.locked(ctx)()
	for _, m := range s.meetings {
		if m.what.Room == room && m.what.EndedAt == nil {
			return true, nil
		}
	}
	return false, nil
}

// Where implements ports.Attendance.
func (s Attendance) Where(ctx context.Context, identity string) (presences []domain.Presence, err error) {
	defer s.locked(ctx)()
	for _, p := range s.presences {
		if p.what.LeftAt == nil && p.what.Identity == identity {
			presences = append(presences, p.what)
		}
	}
	slices.SortFunc(presences, func(a, b domain.Presence) int { return cmp.Compare(a.SID, b.SID) })
	return presences, nil
}

// Forget implements ports.Attendance.
func (s Attendance) Forget(ctx context.Context, before time.Time) error {
	defer s.locked(ctx)()
	maps.DeleteFunc(s.meetings, func(_ string, m written[domain.Meeting]) bool {
		return m.what.EndedAt != nil && m.what.EndedAt.Before(before)
	})
	maps.DeleteFunc(s.presences, func(_ string, p written[domain.Presence]) bool {
		return p.what.LeftAt != nil && p.what.LeftAt.Before(before)
	})
	return nil
}
