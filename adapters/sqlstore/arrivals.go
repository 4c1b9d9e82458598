package sqlstore

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Arrivals implements ports.Arrivals.
type Arrivals struct{ db *DB }

var _ ports.Arrivals = (*Arrivals)(nil)

// NewArrivals reads in db.
func NewArrivals(db *DB) *Arrivals { return &Arrivals{db} }

// arrivalRow is a session's person next to a room, if there is one.
type arrivalRow struct {
	viewRow
	Person userRow
}

// arrived is where a session's person comes to room r.
const arrived = ` FROM meet_server_session s JOIN meet_user u ON u.id = s.user_id LEFT JOIN meet_room r ON ` + keyed + `
	LEFT JOIN meet_resource_access mine ON mine.resource_id = r.resource_id AND mine.user_id = u.id
	WHERE s.session_key = ? AND s.expires_at > ? AND u.is_active`

// Arrive implements ports.Arrivals.
func (s *Arrivals) Arrive(ctx context.Context, session string, now time.Time, room domain.RoomKey) (domain.Arrival, bool, error) {
	query, key := s.db.arrivals.of(room)
	var row arrivalRow
	err := s.db.get(ctx, errNoSession, &row, query, key, session, now)
	if errors.Is(err, errNoSession) {
		return domain.Arrival{}, false, nil
	}
	arrival := domain.Arrival{User: row.Person.user()}
	if row.ID != uuid.Nil {
		view := row.view()
		arrival.Room = &view
	}
	return arrival, err == nil, err
}
