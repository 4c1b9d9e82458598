package domain

import (
	"time"

	"github.com/google/uuid"
)

// Session is one browser's sign-in.
type Session struct {
	Key       string // a digest of what the cookie holds
	UserID    uuid.UUID
	SID       string // the provider's session id, "" when not told
	Data      string // a text, opaque to everything but the session library
	CreatedAt time.Time
	ExpiresAt time.Time
}

// SignInAttempt is one trip of a browser to the provider and back, named by
// its OAuth state. The browser that began it keeps it.
type SignInAttempt struct {
	State     string
	Nonce     string
	Verifier  string // PKCE (RFC 7636), "" when not used
	ReturnTo  string // "" for the default page
	Silent    bool   // prompt=none: a refusal is not an error
	ExpiresAt time.Time
}

// SignInTTL is how long a browser may stay at the provider.
const SignInTTL = time.Hour

// LogoutNotice is a verified logout token (OIDC Back-Channel Logout 1.0).
type LogoutNotice struct {
	Subject, SID string // at least one is set
	ID           string // jti
	ExpiresAt    time.Time
}

// The failures of sign-in attempts and logout notices.
var (
	ErrAttemptNotFound  = &Error{Kind: Invalid, Detail: "Unknown or expired sign-in attempt."}
	ErrLogoutToken      = &Error{Kind: Invalid, Detail: "Invalid logout token"}
	ErrLogoutUnverified = &Error{Kind: Unavailable, Detail: "The logout token cannot be verified at the moment. Please send it again later."}
	ErrLogoutSubject    = &Error{Kind: Invalid, Detail: "Token must contain either sub or sid claim"}
	ErrLogoutReplayed   = &Error{Kind: Invalid, Detail: "Token already processed"}
)
