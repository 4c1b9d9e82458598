package ports

import (
	"context"

	"github.com/google/uuid"

	"meet/domain"
)

// Meeting acts on a running LiveKit room.
type Meeting interface {
	// Publish tells the participants the room's configuration and access
	// level through the room's metadata; other keys of it survive. A room
	// that is not running is fine.
	Publish(ctx context.Context, room uuid.UUID, configuration domain.RoomConfiguration, level domain.AccessLevel) error
}
