package ports

import (
	"context"

	"github.com/google/uuid"

	"meet/domain"
)

// Rooms is the collection of all registered rooms.
type Rooms interface {
	// View is the room as the viewer (uuid.Nil: a stranger) sees it, in one
	// round trip. It fails with domain.ErrRoomNotFound.
	View(ctx context.Context, key domain.RoomKey, viewer uuid.UUID) (domain.RoomView, error)
	// List is the rooms on which the viewer holds any role, by name. It fails
	// with domain.ErrInvalidPage.
	List(ctx context.Context, viewer uuid.UUID, page domain.Page) (domain.RoomList, error)
	// Add saves the room together with its owner's access, as one. It fails
	// with domain.ErrSlugTaken or domain.ErrPinTaken.
	Add(ctx context.Context, room domain.Room, owner domain.ResourceAccess) error
	// Update locks the room, lets change alter it and saves it, as one. It
	// fails with domain.ErrRoomNotFound, domain.ErrSlugTaken or change's error.
	Update(ctx context.Context, id uuid.UUID, change func(*domain.Room) error) error
	// Remove deletes the room and all that hangs on it, as one. It fails with
	// domain.ErrRoomNotFound.
	Remove(ctx context.Context, id uuid.UUID) error
}
