package ports

import (
	"context"
	"time"

	"meet/domain"
)

// Arrivals tells who comes, and where to, at once.
type Arrivals interface {
	// Arrive is Sessions.Who and, for that person, Rooms.View, in one round
	// trip; found is false as for Who.
	Arrive(ctx context.Context, session string, now time.Time, room domain.RoomKey) (arrival domain.Arrival, found bool, err error)
}
