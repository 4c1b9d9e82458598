package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Outbox implements ports.Outbox.
type Outbox struct{ db *DB }

var _ ports.Outbox = (*Outbox)(nil)

// NewOutbox is the collection in db.
func NewOutbox(db *DB) *Outbox { return &Outbox{db} }

// Put implements ports.Outbox.
func (s *Outbox) Put(ctx context.Context, letters ...domain.Letter) error {
	return s.db.Atomically(ctx, func(ctx context.Context) error {
		for _, letter := range letters {
			body, err := json.Marshal(letter)
			if err != nil {
				return fmt.Errorf("letter: %w", err)
			}
			if _, err = s.db.exec(ctx, `INSERT INTO meet_server_letter (id, sender, body, attempts, due_at, expires_at)
				VALUES (:id, :sender, :body, 0, :now, :expires)`, map[string]any{
				"id": letter.ID, "sender": letter.SenderID.String(), "body": string(body), "now": letter.CreatedAt, "expires": letter.CreatedAt.Add(domain.LetterTTL),
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Due implements ports.Outbox.
func (s *Outbox) Due(ctx context.Context, now time.Time, limit int) ([]domain.Letter, error) {
	var rows []struct {
		Body     string
		Attempts int
	}
	if err := s.db.list(ctx, &rows, `SELECT body, attempts FROM (
			SELECT body, attempts, due_at, id, ROW_NUMBER() OVER (PARTITION BY sender ORDER BY due_at, id) AS turn
			FROM meet_server_letter WHERE due_at <= ? AND expires_at > ?) waiting
		WHERE turn = 1 ORDER BY due_at, id LIMIT ?`, now, now, limit); err != nil {
		return nil, err
	}
	letters := make([]domain.Letter, 0, len(rows))
	for _, row := range rows {
		var letter domain.Letter
		if err := json.Unmarshal([]byte(row.Body), &letter); err != nil {
			return nil, fmt.Errorf("letter: %w", err)
		}
		letter.Attempts = row.Attempts
		letters = append(letters, letter)
	}
	return letters, nil
}

// Done implements ports.Outbox.
func (s *Outbox) Done(ctx context.Context, id uuid.UUID) error {
	_, err := s.db.exec(ctx, `DELETE FROM meet_server_letter WHERE id = :id`, map[string]any{"id": id})
	return err
}

// Postpone implements ports.Outbox.
func (s *Outbox) Postpone(ctx context.Context, id uuid.UUID, until time.Time) error {
	_, err := s.db.exec(ctx, `UPDATE meet_server_letter SET due_at = :until, attempts = attempts + 1 WHERE id = :id`,
		map[string]any{"id": id, "until": until})
	return err
}
