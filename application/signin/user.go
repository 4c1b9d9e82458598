package signin

import (
	"context"
	"fmt"

	"meet/domain"
)

// unusablePassword is what the reference stores for people who sign in
// through the provider: "!" and random text, which no password matches.
func (s *Service) unusablePassword() string {
	return "!" + domain.RandomText(40, s.world.Pick)
}

// signUp makes a user; it fails with domain.ErrSubTaken when another request
// was faster, and with domain.ErrSignInRefused when nobody new is let in.
func (s *Service) signUp(ctx context.Context, claimed domain.ClaimedProfile) (domain.User, error) {
	if !s.config.Claims.CreateUsers {
		return domain.User{}, fmt.Errorf("%w: unknown subject, and no users are created", domain.ErrSignInRefused)
	}
	now := s.world.Now()
	user := domain.User{
		Profile:   domain.Profile{ID: s.world.NewID(), Language: s.config.Language, Timezone: "UTC"},
		CreatedAt: now, UpdatedAt: now, LastLogin: &now,
		Password: s.unusablePassword(),
		IsActive: true,
	}
	claimed.Apply(&user, s.config.Claims)
	if err := s.users.Add(ctx, user); err != nil {
		return domain.User{}, fmt.Errorf("sign up: %w", err)
	}
	s.analytics.Identify(ctx, user)
	s.analytics.Track(ctx, user, domain.Activity{Name: domain.SignedUp})
	return user, nil
}

// refresh takes over what the claims say anew and notes the time.
func (s *Service) refresh(ctx context.Context, known domain.User, claimed domain.ClaimedProfile) (domain.User, error) {
	now, subjectKept := s.world.Now(), false
	user, err := s.users.Update(ctx, known.ID, func(user *domain.User) error {
		if !user.IsActive {
			return domain.ErrAccountDisabled
		}
		_, subjectKept = claimed.Apply(user, s.config.Claims)
		user.LastLogin = &now
		return nil
	})
	if err != nil {
		return domain.User{}, fmt.Errorf("refresh user: %w", err)
	}
	if subjectKept {
		s.world.Warn(ctx, "attempt to change the immutable subject of a user", "user", user.ID)
	}
	s.analytics.Identify(ctx, user)
	s.analytics.Track(ctx, user, domain.Activity{Name: domain.SignedIn})
	return user, nil
}
