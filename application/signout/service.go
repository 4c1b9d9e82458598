// Package signout ends sign-ins: at the browser's wish or at the provider's.
package signout

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Service signs people out.
type Service struct {
	users       ports.Users
	sessions    ports.Sessions
	once        ports.Once
	revocations ports.Revocations
	provider    ports.IdentityProvider
	analytics   ports.Analytics
	evict       Evict
	atomically  ports.Atomically
	world       ports.Surroundings
}

// Evict puts somebody out of all meetings, as far as that can be done now.
type Evict func(ctx context.Context, user domain.User)

// New wires the service.
func New(users ports.Users, sessions ports.Sessions, once ports.Once, revocations ports.Revocations, provider ports.IdentityProvider,
	analytics ports.Analytics, evict Evict, atomically ports.Atomically, world ports.Surroundings) *Service {
	return &Service{users, sessions, once, revocations, provider, analytics, evict, atomically, world}
}

// Start counts the sign-out and finds out where the provider wants to see the
// browser, "" for nowhere. idToken is "" when the session held none.
func (s *Service) Start(ctx context.Context, user domain.User, idToken, redirectURI string) (string, error) {
	s.analytics.Track(ctx, user, domain.Activity{Name: domain.SignedOut})
	if !user.SignedIn() || idToken == "" {
		return "", nil
	}
	return s.provider.EndSessionURL(ctx, idToken, domain.RandomText(stateSize, s.world.Pick), redirectURI)
}

// stateSize is the characters of a state at the end-session endpoint. Nothing
// depends on it when the browser comes back; some providers want one.
const stateSize = 32

// Notified ends the sessions that a logout token names (OIDC Back-Channel
// Logout 1.0, section 2.6), and the presence in meetings of their holders; that
// of a person whom it names also when all sessions have ended before. A token
// works once.
func (s *Service) Notified(ctx context.Context, token string) error {
	notice, err := s.provider.VerifyLogoutToken(ctx, token)
	if err != nil {
		return fmt.Errorf("back-channel logout: %w", err)
	}
	var named domain.User
	if notice.Subject != "" {
		named, err = s.users.BySub(ctx, notice.Subject)
		if err != nil && !errors.Is(err, domain.ErrUserNotFound) {
			return fmt.Errorf("back-channel logout: %w", err)
		}
	}
	var gone []domain.User
	err = s.atomically(ctx, func(ctx context.Context) error {
		gone, err = s.forget(ctx, notice, named.ID)
		return err
	})
	if err != nil {
		return fmt.Errorf("back-channel logout: %w", err)
	}
	for _, user := range gone {
		s.evict(ctx, user)
	}
	return nil
}

// forget ends the sessions and remembers the token, both or neither: the
// provider tries again with the same token when we fail. It tells who is to
// leave all meetings.
func (s *Service) forget(ctx context.Context, notice domain.LogoutNotice, named uuid.UUID) (gone []domain.User, err error) {
	first, err := s.once.First(ctx, "logout token "+notice.ID, s.world.Now(), notice.ExpiresAt)
	if err != nil {
		return nil, err
	}
	if !first {
		return nil, domain.ErrLogoutReplayed
	}
	if named == uuid.Nil && notice.Subject != "" {
		return nil, nil // nobody we know
	}
	ended, err := s.sessions.RemoveOf(ctx, named, notice.SID)
	if err != nil {
		return nil, err
	}
	affected := ended
	if named != uuid.Nil && len(ended) == 0 {
		affected = []uuid.UUID{named}
	}
	for _, id := range affected {
		signedIn, err := s.revoke(ctx, id)
		if err != nil {
			return nil, err
		}
		if signedIn && len(ended) == 0 {
			continue // by another sign-in than the one that is over
		}
		user, err := s.users.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		gone = append(gone, user)
	}
	return gone, nil
}

// revoke voids the tokens of the person unless another sign-in of theirs
// lasts: whoever is in a meeting stays in it when that one expires.
func (s *Service) revoke(ctx context.Context, id uuid.UUID) (signedIn bool, err error) {
	now := s.world.Now()
	signedIn, err = s.sessions.SignedIn(ctx, id, now)
	if err != nil || signedIn {
		return signedIn, err
	}
	return false, s.revocations.Revoke(ctx, id, now.Add(domain.TokenLife))
}
