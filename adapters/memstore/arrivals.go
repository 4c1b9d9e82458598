package memstore

import (
	"context"
	"errors"
	"time"

	"meet/domain"
	"meet/ports"
)

// Arrivals implements ports.Arrivals.
type Arrivals struct{ *Store }

var _ ports.Arrivals = Arrivals{}

// Arrive implements ports.Arrivals.
func (s Arrivals) Arrive(ctx context.Context, session string, now time.Time, room domain.RoomKey) (domain.Arrival, bool, error) {
	user, found, err := Sessions(s).Who(ctx, session, now)
	if err != nil || !found {
		return domain.Arrival{}, false, err
	}
	arrival := domain.Arrival{User: user}
	view, err := Rooms(s).View(ctx, room, user.ID)
	switch {
	case err == nil:
		arrival.Room = &view
	case !errors.Is(err, domain.ErrRoomNotFound):
		return domain.Arrival{}, false, err
	}
	return arrival, true, nil
}
