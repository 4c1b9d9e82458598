package domain

import (
	"time"

	"github.com/google/uuid"
)

// Holder is the account behind a LiveKit identity, next to a room.
type Holder struct {
	Identity  string
	UserID    uuid.UUID
	Active    bool
	SignedOut bool // by the provider, within the life of a token, and neither signed in since nor now
	Role      Role // on the room
}

// TokenLife is after how long no token that was given out works any more:
// LiveKit renews those of connected people for ten minutes at a time.
const TokenLife = GrantTTL + 15*time.Minute
