package moderation

import (
	"context"
	"fmt"
	"time"

	"meet/domain"
)

// Change alters a participant. It fails with domain.ErrParticipantNotFound.
func (s *Service) Change(ctx context.Context, room, identity string, change domain.ParticipantChange) error {
	if err := s.people.Change(ctx, room, identity, change); err != nil {
		return fmt.Errorf("change participant: %w", err)
	}
	return nil
}

// handTime is how clients read when a hand was raised: ISO 8601.
const handTime = "2006-01-02T15:04:05.999999-07:00"

// RaiseHand raises or lowers the hand of the participant whose pass it is. It fails with
// domain.ErrParticipantNotFound.
func (s *Service) RaiseHand(ctx context.Context, pass domain.Pass, raised bool) error {
	since := ""
	if raised {
		since = s.world.Now().In(time.UTC).Format(handTime)
	}
	return s.Change(ctx, pass.Room, pass.Identity, domain.ParticipantChange{Attributes: map[string]string{"handRaisedAt": since}})
}
