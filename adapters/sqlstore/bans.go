package sqlstore

import (
	"context"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Bans implements ports.Bans.
type Bans struct{ db *DB }

var _ ports.Bans = (*Bans)(nil)

// NewBans is the collection in db.
func NewBans(db *DB) *Bans { return &Bans{db} }

// Has implements ports.Bans.
func (s *Bans) Has(ctx context.Context, room uuid.UUID, identity string) (bool, error) {
	var count int
	err := s.db.get(ctx, nil, &count, `SELECT COUNT(*) FROM meet_server_ban WHERE room_id = ? AND identity = ?`, room, identity)
	return count > 0, err
}

// Add implements ports.Bans.
func (s *Bans) Add(ctx context.Context, ban domain.Ban) error {
	return s.db.lockResource(ctx, ban.RoomID, ban.UserID, func(ctx context.Context, role domain.Role) error {
		if role == domain.Owner {
			return nil
		}
		_, err := s.db.exec(ctx, `INSERT INTO meet_server_ban (room_id, identity, user_id, name, created_at)
			VALUES (:room, :identity, :user, :name, :at) ON CONFLICT (room_id, identity) DO NOTHING`, map[string]any{
			"room": ban.RoomID, "identity": ban.Identity, "user": uuid.NullUUID{UUID: ban.UserID, Valid: ban.UserID != uuid.Nil},
			"name": ban.Name, "at": ban.CreatedAt,
		})
		return err
	})
}

// Lift implements ports.Bans.
func (s *Bans) Lift(ctx context.Context, room uuid.UUID, identity string) error {
	lifted, err := s.db.exec(ctx, `DELETE FROM meet_server_ban WHERE room_id = :room AND identity = :identity`,
		map[string]any{"room": room, "identity": identity})
	if err == nil && lifted == 0 {
		return domain.ErrParticipantNotFound
	}
	return err
}

// List implements ports.Bans.
func (s *Bans) List(ctx context.Context, room uuid.UUID) ([]domain.Ban, error) {
	var rows []struct {
		domain.Ban
		UserID uuid.NullUUID
	}
	err := s.db.list(ctx, &rows, `SELECT room_id, identity, user_id, name, created_at FROM meet_server_ban
		WHERE room_id = ? ORDER BY created_at, identity`, room)
	bans := make([]domain.Ban, 0, len(rows))
	for _, row := range rows {
		row.Ban.UserID = row.UserID.UUID
		bans = append(bans, row.Ban)
	}
	return bans, err
}

// Clear implements ports.Bans.
func (s *Bans) Clear(ctx context.Context, room uuid.UUID, before time.Time) error {
	_, err := s.db.exec(ctx, `DELETE FROM meet_server_ban WHERE room_id = :room AND created_at < :before`,
		map[string]any{"room": room, "before": before})
	return err
}
