package event

import (
	"context"
	"errors"

	"meet/domain"
)

// Evict puts somebody out of all meetings that we know of. What fails is
// logged.
func (s *Service) Evict(ctx context.Context, user domain.User) {
	presences, err := s.Attendance.Where(ctx, user.Identity())
	for _, presence := range presences {
		failed := s.People.Remove(ctx, presence.Room, presence.Identity)
		if !errors.Is(failed, domain.ErrParticipantNotFound) {
			err = errors.Join(err, failed)
		}
	}
	if err != nil {
		s.world.Warn(ctx, "somebody who signed out may still be in a meeting", "user", user.ID, "error", err)
	}
}
