package domain

import (
	"time"

	"github.com/google/uuid"
)

// Ban keeps a participant who was put out of a meeting from coming back,
// until the meeting ends or a moderator lifts it.
type Ban struct {
	RoomID    uuid.UUID
	Identity  string    // LiveKit identity
	UserID    uuid.UUID // whose account it is, uuid.Nil for strangers
	Name      string    // as the others saw it
	CreatedAt time.Time
}

// ErrUnprivileged refuses what only administrators and owners of a room may do.
var ErrUnprivileged = &Error{Kind: Forbidden, Detail: "You must have privileges on room to perform this action."}
