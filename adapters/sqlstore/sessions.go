package sqlstore

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Sessions implements ports.Sessions.
type Sessions struct{ db *DB }

var _ ports.Sessions = (*Sessions)(nil)

// NewSessions is the collection in db.
func NewSessions(db *DB) *Sessions { return &Sessions{db} }

var errNoSession = errors.New("no such session")

const validSession = ` FROM meet_server_session s JOIN meet_user u ON u.id = s.user_id
	WHERE s.session_key = ? AND s.expires_at > ? AND u.is_active`

// Who implements ports.Sessions.
func (s *Sessions) Who(ctx context.Context, key string, now time.Time) (domain.User, bool, error) {
	var row userRow
	found, err := s.find(ctx, &row, s.db.who, key, now)
	return row.user(), found, err
}

// Find implements ports.Sessions.
func (s *Sessions) Find(ctx context.Context, key string, now time.Time) (session domain.Session, found bool, err error) {
	found, err = s.find(ctx, &session,
		`SELECT s.session_key AS key, s.user_id, s.sid, s.data, s.created_at, s.expires_at`+validSession, key, now)
	return session, found, err
}

func (s *Sessions) find(ctx context.Context, dest any, query, key string, now time.Time) (bool, error) {
	err := s.db.get(ctx, errNoSession, dest, query, key, now)
	if errors.Is(err, errNoSession) {
		return false, nil
	}
	return err == nil, err
}

// Add implements ports.Sessions. The session comes first: it waits for
// whoever holds the user's row and may be about to revoke.
func (s *Sessions) Add(ctx context.Context, session domain.Session) error {
	return s.db.Atomically(ctx, func(ctx context.Context) error {
		if _, err := s.db.exec(ctx, `INSERT INTO meet_server_session (session_key, user_id, sid, data, created_at, expires_at)
			VALUES (:key, :user_id, :sid, :data, :created_at, :expires_at)`, session); err != nil {
			return err
		}
		_, err := s.db.exec(ctx, `DELETE FROM meet_server_revocation WHERE subject = :user_id`, session)
		return err
	})
}

// Remove implements ports.Sessions.
func (s *Sessions) Remove(ctx context.Context, key string) error {
	_, err := s.db.exec(ctx, `DELETE FROM meet_server_session WHERE session_key = :key`, map[string]any{"key": key})
	return err
}

// SignedIn implements ports.Sessions. The lock is a statement of its own: the
// next one sees the sessions that were added while it waited.
func (s *Sessions) SignedIn(ctx context.Context, user uuid.UUID, now time.Time) (bool, error) {
	var count int
	err := s.db.Atomically(ctx, func(ctx context.Context) error {
		var locked []uuid.UUID
		if err := s.db.list(ctx, &locked, `SELECT id FROM meet_user WHERE id = ?`+s.db.forUpdate, user); err != nil {
			return err
		}
		return s.db.get(ctx, nil, &count, `SELECT COUNT(*) FROM meet_server_session WHERE user_id = ? AND expires_at > ?`, user, now)
	})
	return count > 0, err
}

// RemoveOf implements ports.Sessions.
func (s *Sessions) RemoveOf(ctx context.Context, user uuid.UUID, sid string) (whose []uuid.UUID, err error) {
	where, args := `user_id = ? AND sid IN ('', ?)`, []any{user, sid}
	switch {
	case sid == "":
		where, args = `user_id = ?`, []any{user}
	case user == uuid.Nil:
		where, args = `sid = ?`, []any{sid}
	}
	err = s.db.list(ctx, &whose, `DELETE FROM meet_server_session WHERE `+where+` RETURNING user_id`, args...)
	return distinct(whose), err
}

func distinct(ids []uuid.UUID) []uuid.UUID {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}
