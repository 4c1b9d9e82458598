package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

// Lobby is the collection of those who knocked, by room. Entries expire.
type Lobby interface {
	// Poll is the entry; one that waits lives for stay from now on, one that
	// is decided, or a stay of 0, is left alone.
	Poll(ctx context.Context, room uuid.UUID, id string, stay time.Duration) (entry domain.LobbyEntry, found bool, err error)
	// Add keeps a new entry for stay; when there is one already, that is the
	// one kept, and added is false. Somebody who comes back within
	// domain.PlaceKept after an entry expired has the place in line again. It
	// fails with domain.ErrLobbyFull, also when one of the networks that the
	// entry is from has taken its places.
	Add(ctx context.Context, room uuid.UUID, entry domain.LobbyEntry, from []domain.Network, stay time.Duration) (kept domain.LobbyEntry, added bool, err error)
	// Decide sets the status of an entry, which then lives for stay; waited is
	// for how long the entry had waited, 0 for one that was decided before. It
	// fails with domain.ErrLobbyEntryNotFound.
	Decide(ctx context.Context, room uuid.UUID, id string, status domain.LobbyStatus, stay time.Duration) (waited time.Duration, err error)
	// Waiting lists those who wait; who came first is first.
	Waiting(ctx context.Context, room uuid.UUID) ([]domain.LobbyEntry, error)
	// Admitted reports whether an entry that is accepted has the LiveKit identity.
	Admitted(ctx context.Context, room uuid.UUID, identity string) (bool, error)
	// Forget removes every entry of which the id or the LiveKit identity is identity.
	Forget(ctx context.Context, room uuid.UUID, identity string) error
	// Clear removes all entries of the room.
	Clear(ctx context.Context, room uuid.UUID) error
}

// LobbyNews tells of changes in the lobby, wherever they were made.
type LobbyNews interface {
	// Follow calls changed after each change until ctx ends: the room and the
	// entry's id, "" for all of the room, uuid.Nil for anything anywhere.
	// Expired entries are no change.
	Follow(ctx context.Context, changed func(room uuid.UUID, id string)) error
}

// Bans is the collection of those who are kept out of meetings.
type Bans interface {
	// Has reports whether the LiveKit identity is kept out of the room.
	Has(ctx context.Context, room uuid.UUID, identity string) (bool, error)
	// Add keeps somebody out; doing so again changes nothing, nor does it for
	// an owner of the room. Whoever becomes an owner is let in again.
	Add(ctx context.Context, ban domain.Ban) error
	// Lift lets somebody in again. It fails with domain.ErrParticipantNotFound.
	Lift(ctx context.Context, room uuid.UUID, identity string) error
	// List is the bans of the room, oldest first.
	List(ctx context.Context, room uuid.UUID) ([]domain.Ban, error)
	// Clear lifts the bans of the room that are older than before.
	Clear(ctx context.Context, room uuid.UUID, before time.Time) error
}
