package memstore

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Revocations implements ports.Revocations.
type Revocations struct{ *Store }

var (
	_ ports.Accounts    = Users{}
	_ ports.Revocations = Revocations{}
)

// Holders implements ports.Accounts.
func (s Users) Holders(ctx context.Context, room uuid.UUID, identities []string, now time.Time) ([]domain.Holder, error) {
	defer s.locked(ctx)()
	var holders []domain.Holder
	for _, user := range s.users {
		if user.Sub != "" && slices.Contains(identities, user.Sub) {
			holders = append(holders, domain.Holder{
				Identity: user.Sub, UserID: user.ID, Active: user.IsActive, Role: s.roleOf(room, user.ID),
				SignedOut: s.revoked[user.ID].After(now) && !s.signedIn(user.ID, now),
			})
		}
	}
	return holders, nil
}

func (s *Store) signedIn(user uuid.UUID, now time.Time) bool {
	for _, session := range s.sessions {
		if session.UserID == user && session.ExpiresAt.After(now) {
			return true
		}
	}
	return false
}

// Revoke implements ports.Revocations.
func (s Revocations) Revoke(ctx context.Context, subject uuid.UUID, until time.Time) error {
	defer s.locked(ctx)()
	s.revoked[subject] = until
	return nil
}

// Revoked implements ports.Revocations.
func (s Revocations) Revoked(ctx context.Context, subject uuid.UUID, now time.Time) (bool, error) {
	defer s.locked(ctx)()
	return s.revoked[subject].After(now), nil
}
