package sqlstore

import (
	"context"
	"time"

	"meet/ports"
)

// Leases implements ports.Leases.
type Leases struct{ db *DB }

var _ ports.Leases = (*Leases)(nil)

// NewLeases is the collection in db.
func NewLeases(db *DB) *Leases { return &Leases{db} }

// Acquire implements ports.Leases.
func (s *Leases) Acquire(ctx context.Context, name, holder string, now, until time.Time) (bool, error) {
	taken, err := s.db.exec(ctx, `INSERT INTO meet_server_lease (name, holder, expires_at) VALUES (:name, :holder, :until)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
		WHERE meet_server_lease.holder = excluded.holder OR meet_server_lease.expires_at <= :now`,
		map[string]any{"name": name, "holder": holder, "now": now, "until": until})
	return taken > 0, err
}

// Release implements ports.Leases.
func (s *Leases) Release(ctx context.Context, name, holder string) error {
	_, err := s.db.exec(ctx, `DELETE FROM meet_server_lease WHERE name = :name AND holder = :holder`,
		map[string]any{"name": name, "holder": holder})
	return err
}
