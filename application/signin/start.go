package signin

import (
	"context"
	"fmt"

	"meet/domain"
)

// StartInput is a browser that wants to sign in.
type StartInput struct {
	Browser     string // digest of the cookie that binds the trip to it
	Host        string // of the request
	ReturnTo    string // where to go afterwards; ignored when not safe
	Silent      bool   // without showing anything (prompt=none)
	LoginHint   string
	RedirectURI string // our callback
}

const randomSize = 32 // characters of state and nonce: 190 bits

// Trip is a way to the provider and back.
type Trip struct {
	State string // OAuth state, which comes back with the browser
	URL   string // where to send the browser
}

// Start begins a trip to the provider.
func (s *Service) Start(ctx context.Context, in StartInput) (Trip, error) {
	attempt := domain.SignInAttempt{
		State:     domain.RandomText(randomSize, s.world.Pick),
		Nonce:     domain.RandomText(randomSize, s.world.Pick),
		Browser:   in.Browser,
		Silent:    in.Silent,
		ExpiresAt: s.world.Now().Add(domain.SignInTTL),
	}
	if s.config.VerifierSize > 0 {
		attempt.Verifier = domain.RandomText(s.config.VerifierSize, s.world.Pick)
	}
	if s.config.Returns.Safe(in.ReturnTo, in.Host) {
		attempt.ReturnTo = in.ReturnTo
	}
	target, err := s.provider.AuthorizationURL(ctx, attempt, in.RedirectURI, in.LoginHint)
	if err != nil {
		return Trip{}, fmt.Errorf("start sign-in: %w", err)
	}
	if err := s.attempts.Add(ctx, attempt); err != nil {
		return Trip{}, fmt.Errorf("start sign-in: %w", err)
	}
	return Trip{attempt.State, target}, nil
}

// SafeReturn reports whether a browser that came to host may be sent to target.
func (s *Service) SafeReturn(target, host string) bool {
	return s.config.Returns.Safe(target, host)
}
