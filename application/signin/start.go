package signin

import (
	"context"
	"fmt"

	"meet/domain"
)

// StartInput is a browser that wants to sign in.
type StartInput struct {
	Host        string // of the request
	ReturnTo    string // where to go afterwards; ignored when not safe
	Silent      bool   // without showing anything (prompt=none)
	LoginHint   string
	RedirectURI string // our callback
}

const randomSize = 32 // characters of state and nonce: 190 bits

// Trip is a way to the provider and back.
type Trip struct {
	Attempt domain.SignInAttempt // for the browser to keep, unread
	URL     string               // where to send the browser
}

// Start begins a trip to the provider.
func (s *Service) Start(ctx context.Context, in StartInput) (Trip, error) {
	attempt := domain.SignInAttempt{
		State:     domain.RandomText(randomSize, s.world.Pick),
		Nonce:     domain.RandomText(randomSize, s.world.Pick),
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
	return Trip{attempt, target}, nil
}

// SafeReturn reports whether a browser that came to host may be sent to target.
func (s *Service) SafeReturn(target, host string) bool {
	return s.config.Returns.Safe(target, host)
}
