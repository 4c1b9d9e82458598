package ports

import (
	"context"

	"meet/domain"
)

// IdentityProvider is the OpenID provider (OIDC Core 1.0).
// All methods fail with domain.Upstream or domain.Timeout errors when the
// provider does not answer properly, and with domain.ErrSignInRefused when
// what it says cannot be trusted.
type IdentityProvider interface {
	// AuthorizationURL is where the browser signs in.
	AuthorizationURL(ctx context.Context, attempt domain.SignInAttempt, redirectURI, loginHint string) (string, error)
	// Identify trades the code for a verified identity. issuer is the "iss"
	// of the authorization response (RFC 9207), "" when absent.
	Identify(ctx context.Context, attempt domain.SignInAttempt, code, issuer, redirectURI string) (domain.Identity, error)
	// EndSessionURL is where the browser signs out, "" when the provider has
	// no such place (OIDC RP-Initiated Logout 1.0) or did not issue the token. It is short enough for the
	// buffers of proxies; a longer id token is left out.
	EndSessionURL(ctx context.Context, idToken, state, redirectURI string) (string, error)
	// VerifyLogoutToken fails with domain.ErrLogoutToken or
	// domain.ErrLogoutSubject, and with domain.ErrLogoutUnverified when the
	// same token may be good later.
	VerifyLogoutToken(ctx context.Context, token string) (domain.LogoutNotice, error)
}
