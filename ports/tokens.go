package ports

import "meet/domain"

// Tokens signs LiveKit access tokens.
type Tokens interface {
	// Sign makes a JWT that opens the grant's room.
	Sign(grant domain.Grant) (string, error)
}
