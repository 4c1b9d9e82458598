package sqlstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"meet/domain"
	"meet/ports"
)

// Marks implements ports.Once, ports.CreationCallbacks and ports.Sweeper:
// small things that are remembered for a while.
type Marks struct{ db *DB }

var (
	_ ports.Once              = (*Marks)(nil)
	_ ports.CreationCallbacks = (*Marks)(nil)
	_ ports.Sweeper           = (*Marks)(nil)
)

// NewMarks is the collection in db.
func NewMarks(db *DB) *Marks { return &Marks{db} }

// First implements ports.Once.
func (s *Marks) First(ctx context.Context, mark string, now, until time.Time) (bool, error) {
	added, err := s.db.exec(ctx, `INSERT INTO meet_server_mark (mark, expires_at) VALUES (:mark, :until)
		ON CONFLICT (mark) DO UPDATE SET expires_at = excluded.expires_at WHERE meet_server_mark.expires_at <= :now`,
		map[string]any{"mark": digest(mark), "now": now, "until": until})
	return added > 0, err
}

// Put implements ports.CreationCallbacks.
func (s *Marks) Put(ctx context.Context, secret, slug string, until time.Time) error {
	_, err := s.db.exec(ctx, `INSERT INTO meet_server_callback (secret, slug, expires_at) VALUES (:secret, :slug, :until)
		ON CONFLICT (secret) DO UPDATE SET slug = excluded.slug, expires_at = excluded.expires_at`,
		map[string]any{"secret": digest(secret), "slug": slug, "until": until})
	return err
}

var errNoCallback = errors.New("no such callback")

// Take implements ports.CreationCallbacks.
func (s *Marks) Take(ctx context.Context, secret string, now time.Time) (slug string, found bool, err error) {
	err = s.db.get(ctx, errNoCallback, &slug,
		`DELETE FROM meet_server_callback WHERE secret = ? AND expires_at > ? RETURNING slug`, digest(secret), now)
	if errors.Is(err, errNoCallback) {
		return "", false, nil
	}
	return slug, err == nil, err
}

// Sweep implements ports.Sweeper.
func (s *Marks) Sweep(ctx context.Context, now time.Time) error {
	for _, table := range []string{"meet_server_session", "meet_server_mark", "meet_server_callback",
		"meet_server_event", "meet_server_lease", "meet_server_letter", "meet_server_revocation"} {
		if _, err := s.db.exec(ctx, `DELETE FROM `+table+` WHERE expires_at <= :now`, map[string]any{"now": now}); err != nil {
			return err
		}
	}
	_, err := s.db.exec(ctx, `DELETE FROM meet_server_ban WHERE created_at <= :old AND NOT EXISTS (
		SELECT 1 FROM meet_server_meeting m WHERE m.room = CAST(meet_server_ban.room_id AS text) AND m.ended_at IS NULL)`,
		map[string]any{"old": now.Add(-domain.TokenLife)})
	return err
}

// digest hides secrets from readers of the database.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
