package ports

import (
	"context"

	"github.com/google/uuid"

	"meet/domain"
)

// Pins finds rooms by the digits to dial in with.
type Pins interface {
	// ByPin fails with domain.ErrPinUnknown.
	ByPin(ctx context.Context, pin string) (domain.Room, error)
}

// Rooms is the collection of all registered rooms.
type Rooms interface {
	// View is the room as the viewer (uuid.Nil: a stranger) sees it, in one
	// round trip. It fails with domain.ErrRoomNotFound.
	View(ctx context.Context, key domain.RoomKey, viewer uuid.UUID) (domain.RoomView, error)
	// Glimpse is the room as somebody sees it who is known by what is behind a
	// LiveKit identity (domain.Whose) alone, in one round trip. It fails with
	// domain.ErrRoomNotFound.
	Glimpse(ctx context.Context, key domain.RoomKey, whose string) (domain.RoomView, error)
	// List is the rooms on which the viewer holds any role, by name. It fails
	// with domain.ErrInvalidPage.
	List(ctx context.Context, viewer uuid.UUID, page domain.Page) (domain.RoomList, error)
	// Add saves the room together with its owner's access, as one. It fails
	// with domain.ErrSlugTaken or domain.ErrPinTaken.
	Add(ctx context.Context, room domain.Room, owner domain.ResourceAccess) error
	// Update locks the room, lets change alter it and saves it, as one; role is
	// that with which the actor acts while the lock holds: none for somebody
	// who is kept out of the running meeting. It fails with domain.ErrRoomNotFound,
	// domain.ErrSlugTaken or change's error.
	Update(ctx context.Context, id, actor uuid.UUID, change func(room *domain.Room, role domain.Role) error) error
	// Remove locks the room, asks allow, and deletes it and all that hangs on
	// it, as one. It fails with domain.ErrRoomNotFound or allow's error.
	Remove(ctx context.Context, id, actor uuid.UUID, allow func(role domain.Role) error) error
}
