package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"meet/domain"
	"meet/ports"
)

// Inbox implements ports.Inbox.
type Inbox struct{ db *DB }

var _ ports.Inbox = (*Inbox)(nil)

// NewInbox is the collection in db.
func NewInbox(db *DB) *Inbox { return &Inbox{db} }

// keepEvents is for how long an event is remembered: LiveKit gives up much
// earlier.
const keepEvents = 72 * time.Hour

// Put implements ports.Inbox.
func (s *Inbox) Put(ctx context.Context, event domain.Event, now time.Time) (bool, error) {
	body, err := json.Marshal(event)
	if err != nil {
		return false, fmt.Errorf("event: %w", err)
	}
	added, err := s.db.exec(ctx, `INSERT INTO meet_server_event (id, room, happened_at, turn, body, attempts, due_at, expires_at)
		VALUES (:id, :room, :at, :turn, :body, 0, :now, :expires) ON CONFLICT (id) DO NOTHING`, map[string]any{
		"id": event.ID, "room": event.Room, "at": event.At, "turn": event.Order(), "body": string(body), "now": now, "expires": now.Add(keepEvents),
	})
	return added > 0, err
}

// Due implements ports.Inbox.
func (s *Inbox) Due(ctx context.Context, now time.Time, limit int, but ...string) ([]domain.Event, error) {
	rooms, err := json.Marshal(append([]string{}, but...))
	if err != nil {
		return nil, fmt.Errorf("rooms: %w", err)
	}
	var rows []struct {
		ID       string
		Body     string
		Attempts int
	}
	if err := s.db.list(ctx, &rows, `SELECT id, body, attempts FROM meet_server_event
		WHERE due_at IS NOT NULL AND due_at <= ? AND room NOT IN (`+s.db.texts+`)
		ORDER BY happened_at, turn, id LIMIT ?`, now, string(rooms), limit); err != nil {
		return nil, err
	}
	events := make([]domain.Event, 0, len(rows))
	for _, row := range rows {
		var event domain.Event
		if err := json.Unmarshal([]byte(row.Body), &event); err != nil {
			return nil, fmt.Errorf("event: %w", err)
		}
		event.ID, event.Attempts = row.ID, row.Attempts
		events = append(events, event)
	}
	return events, nil
}

// Handled implements ports.Inbox.
func (s *Inbox) Handled(ctx context.Context, id string) error {
	_, err := s.db.exec(ctx, `UPDATE meet_server_event SET due_at = NULL, body = '{}' WHERE id = :id`, map[string]any{"id": id})
	return err
}

// Postpone implements ports.Inbox.
func (s *Inbox) Postpone(ctx context.Context, id string, until time.Time) error {
	_, err := s.db.exec(ctx, `UPDATE meet_server_event SET due_at = :until, attempts = attempts + 1 WHERE id = :id AND due_at IS NOT NULL`,
		map[string]any{"id": id, "until": until})
	return err
}
