package signin

import (
	"context"
	"errors"
	"fmt"

	"meet/domain"
)

// FinishInput is what the provider sent the browser back with.
type FinishInput struct {
	Attempt     domain.SignInAttempt // that this browser kept; the zero value when it did not begin the trip
	Code        string
	Error       string // OAuth error code, "" for none
	Description string // what the provider says about it
	Issuer      string // "iss" (RFC 9207), "" when absent
	RedirectURI string
}

// Result is how a trip ended. Attempt is the zero value for an unknown trip;
// User is a stranger when nobody signed in.
type Result struct {
	Attempt  domain.SignInAttempt
	Known    bool // the trip was this browser's
	User     domain.User
	New      bool // the user was made just now
	Identity domain.Identity
}

// Outcome is how a trip ended of which Finish returned err.
func (r Result) Outcome(err error) domain.SignInOutcome {
	switch kind := domain.KindOf(err); {
	case err != nil && (kind == domain.Forbidden || kind == domain.Invalid):
		return domain.SignInRefused
	case err != nil:
		return domain.SignInFailed
	case r.New:
		return domain.SignInNew
	case r.User.SignedIn():
		return domain.SignInKnown
	default:
		return domain.SignInNobody
	}
}

// Finish ends a trip. It fails with domain.ErrAttemptNotFound for a trip that
// is not this browser's, with domain.ErrSignInRefused (or another Forbidden
// error) when the provider or our rules say no, and with Upstream or Timeout
// errors when the provider is at fault.
func (s *Service) Finish(ctx context.Context, in FinishInput) (Result, error) {
	if in.Attempt.State == "" || !in.Attempt.ExpiresAt.After(s.world.Now()) {
		return Result{}, fmt.Errorf("finish sign-in: %w", domain.ErrAttemptNotFound)
	}
	result := Result{Attempt: in.Attempt, Known: true}
	if in.Attempt.Silent && in.Error == "login_required" {
		return result, nil // the code of a trip started in between may still come
	}
	if in.Error != "" || in.Code == "" {
		return result, fmt.Errorf("finish sign-in: %w: %q: %q", domain.ErrSignInRefused, in.Error, in.Description)
	}
	identity, err := s.provider.Identify(ctx, in.Attempt, in.Code, in.Issuer, in.RedirectURI)
	if err != nil {
		return result, fmt.Errorf("finish sign-in: %w", err)
	}
	claimed, err := s.config.Claims.Read(identity)
	if err != nil {
		return result, fmt.Errorf("finish sign-in: %w", err)
	}
	if err := s.use(ctx, in.Attempt); err != nil {
		return result, fmt.Errorf("finish sign-in: %w", err)
	}
	identity.SID = claimed.SID
	result.Identity = identity
	result.User, result.New, err = s.admit(ctx, claimed)
	if len(claimed.Changed) > 0 && err == nil {
		s.world.Warn(ctx, "claims were shortened or left out", "user", result.User.ID, "claims", claimed.Changed)
	}
	return result, err
}

// use ends the attempt: nobody signs in by it again. Only who brings a code
// that the provider knows comes here, so strangers leave no marks.
func (s *Service) use(ctx context.Context, attempt domain.SignInAttempt) error {
	first, err := s.once.First(ctx, "sign-in attempt "+attempt.State, s.world.Now(), attempt.ExpiresAt)
	if err != nil {
		return fmt.Errorf("use sign-in attempt: %w", err)
	}
	if !first {
		return domain.ErrAttemptNotFound
	}
	return nil
}

// admit finds or makes the user of a profile and notes the sign-in.
func (s *Service) admit(ctx context.Context, claimed domain.ClaimedProfile) (user domain.User, created bool, err error) {
	known, err := s.find(ctx, claimed)
	if errors.Is(err, domain.ErrUserNotFound) {
		user, err = s.signUp(ctx, claimed)
		if !errors.Is(err, domain.ErrSubTaken) {
			return user, err == nil, err
		}
		known, err = s.users.BySub(ctx, claimed.Sub) // somebody was faster
		if err != nil {
			return domain.User{}, false, fmt.Errorf("read user again: %w", err)
		}
	} else if err != nil {
		return domain.User{}, false, err
	}
	if !known.IsActive {
		return domain.User{}, false, domain.ErrAccountDisabled
	}
	user, err = s.refresh(ctx, known, claimed)
	return user, false, err
}

func (s *Service) find(ctx context.Context, claimed domain.ClaimedProfile) (domain.User, error) {
	known, err := s.users.BySub(ctx, claimed.Sub)
	if !errors.Is(err, domain.ErrUserNotFound) || !s.config.Claims.FallbackEmail || claimed.Email == "" {
		return known, err
	}
	matches, err := s.users.ByEmail(ctx, claimed.Email)
	switch {
	case err != nil:
		return domain.User{}, fmt.Errorf("find user by e-mail: %w", err)
	case len(matches) > 1:
		return domain.User{}, domain.ErrEmailAmbiguous
	case len(matches) == 0:
		return domain.User{}, domain.ErrUserNotFound
	}
	return matches[0], nil
}
