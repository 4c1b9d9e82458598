package signin

import (
	"context"
	"errors"
	"fmt"

	"meet/domain"
)

// FinishInput is what the provider sent the browser back with.
type FinishInput struct {
	Browser     string
	State       string
	Code        string
	Error       string // OAuth error code, "" for none
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
	if in.Error == "login_required" || in.Code == "" {
		return s.refused(ctx, in)
	}
	attempt, err := s.attempts.Take(ctx, in.State, in.Browser, s.world.Now())
	if err != nil {
		return Result{}, fmt.Errorf("finish sign-in: %w", err)
	}
	result := Result{Attempt: attempt, Known: true}
	if in.Error != "" {
		return result, fmt.Errorf("finish sign-in: %w: %q", domain.ErrSignInRefused, in.Error)
	}
	result.Identity, err = s.provider.Identify(ctx, attempt, in.Code, in.Issuer, in.RedirectURI)
	if err != nil {
		return result, fmt.Errorf("finish sign-in: %w", err)
	}
	claimed, err := s.config.Claims.Read(result.Identity)
	if err != nil {
		return result, fmt.Errorf("finish sign-in: %w", err)
	}
	result.Identity.SID = claimed.SID
	result.User, result.New, err = s.admit(ctx, claimed)
	if len(claimed.Changed) > 0 && err == nil {
		s.world.Warn(ctx, "claims were shortened or left out", "user", result.User.ID, "claims", claimed.Changed)
	}
	return result, err
}

// refused ends a trip from which the browser brings no code. A silent one
// that only learnt that nobody is signed in stays open: the code of a trip
// started in between may still come.
func (s *Service) refused(ctx context.Context, in FinishInput) (Result, error) {
	end := s.attempts.Take
	if in.Error == "login_required" {
		end = s.attempts.Peek
	}
	attempt, err := end(ctx, in.State, in.Browser, s.world.Now())
	if err != nil {
		return Result{}, fmt.Errorf("finish sign-in: %w", err)
	}
	result := Result{Attempt: attempt, Known: true}
	if attempt.Silent && in.Error == "login_required" {
		return result, nil
	}
	return result, fmt.Errorf("finish sign-in: %w: %q", domain.ErrSignInRefused, in.Error)
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
