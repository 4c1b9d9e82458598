package lobby

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

// Decide accepts or denies somebody who knocked at the room, on which the
// caller is privileged. It fails with domain.ErrNoLobby or
// domain.ErrLobbyEntryNotFound.
func (s *Service) Decide(ctx context.Context, room domain.RoomView, actor domain.User, id uuid.UUID, allow bool) error {
	if room.AccessLevel == domain.Public {
		return domain.ErrNoLobby
	}
	status, stay := s.rules.Decision(allow)
	_, err := s.entries.Decide(ctx, room.ID, id.String(), status, stay)
	if err == nil {
		err = s.note(ctx, domain.Deed{
			Action: domain.KnockAnswered, Actor: actor.ID, Room: room.ID, Subject: id.String(), Details: map[string]string{"status": string(status)},
		})
	}
	if err != nil {
		return fmt.Errorf("answer a knock: %w", err)
	}
	return nil
}

// settle is for how long changes may gather before a list is read again.
const settle = 100 * time.Millisecond

// Waiting lists who waits before the room, on which the caller is privileged;
// who came first is first. With a wait, a list that is known already (nil: the
// present one) is held back until it changes or the time is over.
func (s *Service) Waiting(ctx context.Context, room domain.RoomView, wait time.Duration, known func([]domain.LobbyEntry) bool) ([]domain.LobbyEntry, error) {
	if room.AccessLevel == domain.Public {
		return nil, nil
	}
	rung, stop := s.bell.listen(topic{room.ID, ""})
	defer stop()
	list, err := s.waiting(ctx, room.ID)
	if err != nil || wait <= 0 {
		return list, err
	}
	if known == nil {
		present := list
		known = func(list []domain.LobbyEntry) bool { return slices.Equal(present, list) }
	}
	over := time.NewTimer(wait)
	defer over.Stop()
	for known(list) {
		var expiring <-chan time.Time
		if len(list) > 0 { // entries expire silently
			expiring = time.After(s.rules.Waiting)
		}
		if !s.hold(ctx, rung, over.C, expiring) {
			return list, nil
		}
		if list, err = s.waiting(ctx, room.ID); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// hold waits for a ring, and for what follows at once; it reports false when
// there is no more time.
func (s *Service) hold(ctx context.Context, rung <-chan struct{}, over, expiring <-chan time.Time) bool {
	select {
	case <-rung:
	case <-expiring:
	case <-over:
		return false
	case <-s.bell.closed:
		return false
	case <-ctx.Done():
		return false
	}
	gather := time.NewTimer(settle)
	defer gather.Stop()
	select {
	case <-gather.C:
	case <-s.bell.closed:
	case <-ctx.Done():
	}
	return true
}

func (s *Service) waiting(ctx context.Context, room uuid.UUID) ([]domain.LobbyEntry, error) {
	list, err := s.entries.Waiting(ctx, room)
	if err != nil {
		return nil, fmt.Errorf("list who waits: %w", err)
	}
	return list, nil
}
