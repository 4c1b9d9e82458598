// Package signin brings people in through the OpenID provider.
package signin

import (
	"meet/domain"
	"meet/ports"
)

// Config is an instance's choices about signing in.
type Config struct {
	Claims       domain.ClaimRules
	Returns      domain.ReturnRules
	VerifierSize int    // characters of the PKCE verifier (RFC 7636), 0 for none
	Language     string // of new users
}

// Service signs people in.
type Service struct {
	users     ports.Users
	once      ports.Once
	provider  ports.IdentityProvider
	analytics ports.Analytics
	world     ports.Surroundings
	config    Config
}

// New wires the service.
func New(users ports.Users, once ports.Once, provider ports.IdentityProvider,
	analytics ports.Analytics, world ports.Surroundings, config Config) *Service {
	return &Service{users, once, provider, analytics, world, config}
}
