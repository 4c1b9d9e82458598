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

// Revocations implements ports.Revocations.
type Revocations struct{ db *DB }

var (
	_ ports.Accounts    = (*Users)(nil)
	_ ports.Revocations = (*Revocations)(nil)
)

// NewRevocations is the collection in db.
func NewRevocations(db *DB) *Revocations { return &Revocations{db} }

// Holders implements ports.Accounts. Servers of earlier versions leave
// revocations of people who have signed in again, so sessions count too.
func (s *Users) Holders(ctx context.Context, room uuid.UUID, identities []string, now time.Time) (holders []domain.Holder, err error) {
	list, err := json.Marshal(identities)
	if err != nil {
		return nil, fmt.Errorf("identities: %w", err)
	}
	err = s.db.list(ctx, &holders, `SELECT u.sub AS identity, u.id AS user_id, u.is_active AS active, COALESCE(a.role, '') AS role,
		EXISTS (SELECT 1 FROM meet_server_revocation v WHERE v.subject = u.id AND v.expires_at > ?) AND NOT EXISTS (
			SELECT 1 FROM meet_server_session s WHERE s.user_id = u.id AND s.expires_at > ?) AS signed_out
		FROM meet_user u LEFT JOIN meet_resource_access a ON a.user_id = u.id AND a.resource_id = ?
		WHERE u.sub IN (`+s.db.texts+`)`, now, now, room, string(list))
	return holders, err
}

// Revoke implements ports.Revocations.
func (s *Revocations) Revoke(ctx context.Context, subject uuid.UUID, until time.Time) error {
	_, err := s.db.exec(ctx, `INSERT INTO meet_server_revocation (subject, expires_at) VALUES (:subject, :until)
		ON CONFLICT (subject) DO UPDATE SET expires_at = excluded.expires_at`, map[string]any{"subject": subject, "until": until})
	return err
}

// Revoked implements ports.Revocations.
func (s *Revocations) Revoked(ctx context.Context, subject uuid.UUID, now time.Time) (bool, error) {
	var count int
	err := s.db.get(ctx, nil, &count, `SELECT COUNT(*) FROM meet_server_revocation WHERE subject = ? AND expires_at > ?`, subject, now)
	return count > 0, err
}
