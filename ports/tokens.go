package ports

import "meet/domain"

// Tokens signs LiveKit access tokens.
type Tokens interface {
	// Sign makes a JWT that opens the grant's room.
	Sign(grant domain.Grant) (string, error)
}

// Passes reads LiveKit access tokens.
type Passes interface {
	// Verify checks a token of ours. It fails with a domain.Error of kind
	// Forbidden that says why.
	Verify(token string) (domain.Pass, error)
}

// Webhooks reads what LiveKit reports.
type Webhooks interface {
	// Event checks and reads a webhook: its Authorization header, and then its
	// body. It fails with a domain.Error of kind Invalid, or as body does.
	Event(authorization string, body func() ([]byte, error)) (domain.Event, error)
}
