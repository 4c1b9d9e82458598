package ports

import "meet/domain"

// Tokens signs LiveKit access tokens and checks what LiveKit signed.
type Tokens interface {
	// Sign makes a JWT that opens the grant's room.
	Sign(grant domain.Grant) (string, error)
	// Verify reads an access token of ours. It fails with a domain.Error of
	// kind Forbidden that says why.
	Verify(token string) (domain.Pass, error)
	// Event reads a webhook: its Authorization header and its body. It fails
	// with a domain.Error of kind Invalid.
	Event(authorization string, body []byte) (domain.Event, error)
}
