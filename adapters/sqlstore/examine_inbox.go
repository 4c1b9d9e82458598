package sqlstore

import (
	"context"
	"time"
)

// Ear listens for what the running server was told about a room.
type Ear struct{ db *DB }

// OpenEar opens the database that the running server uses.
func OpenEar(config Config) (*Ear, error) {
	db, err := Open(config)
	if err != nil {
		return nil, err
	}
	return &Ear{db}, nil
}

// Close ends all connections.
func (e *Ear) Close() error { return e.db.Close() }

// Heard reports whether news of the room arrived since: it waits in the
// inbox, or was handled and became a meeting.
func (e *Ear) Heard(ctx context.Context, room string, since time.Time) (heard bool, err error) {
	err = e.db.get(ctx, nil, &heard, `SELECT EXISTS (SELECT 1 FROM meet_server_meeting WHERE room = ?)
		OR EXISTS (SELECT 1 FROM meet_server_event WHERE expires_at > ? AND body LIKE ?)`,
		room, since.Add(keepEvents-time.Minute).UTC(), `%"`+room+`"%`) // clocks differ a little
	return heard, err
}
