package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Accesses implements ports.Accesses.
type Accesses struct{ db *DB }

var (
	_ ports.Accesses = (*Accesses)(nil)
	_ ports.Roles    = (*Accesses)(nil)
)

// NewAccesses is the collection in db.
func NewAccesses(db *DB) *Accesses { return &Accesses{db} }

const (
	accessColumns = `a.id, a.created_at, a.updated_at, a.role, a.resource_id, a.user_id`
	insertAccess  = `INSERT INTO meet_resource_access (id, created_at, updated_at, role, resource_id, user_id)
		VALUES (:id, :created_at, :updated_at, :role, :resource_id, :user_id)`
)

// Case implements ports.Accesses.
func (s *Accesses) Case(ctx context.Context, id, actor uuid.UUID) (domain.AccessCase, error) {
	var row struct {
		domain.ResourceAccess
		ActorRole domain.Role
		Owners    int
	}
	err := s.db.get(ctx, domain.ErrAccessNotFound, &row, `SELECT `+accessColumns+`,
		`+actingRole("mine", "a.resource_id")+` AS actor_role, (SELECT COUNT(*) FROM meet_resource_access o
			WHERE o.resource_id = a.resource_id AND o.role = 'owner') AS owners
		FROM meet_resource_access a
		LEFT JOIN meet_resource_access mine ON mine.resource_id = a.resource_id AND mine.user_id = ?
		WHERE a.id = ?`, actor, actor, id)
	return domain.AccessCase{Access: row.ResourceAccess, Actor: actor, ActorRole: row.ActorRole, Owners: row.Owners}, err
}

// RoleOf implements ports.Roles.
func (s *Accesses) RoleOf(ctx context.Context, resource, user uuid.UUID) (domain.Role, bool, error) {
	return s.db.roleOf(ctx, resource, user)
}

const administered = ` FROM meet_resource_access a JOIN meet_resource_access mine ON mine.resource_id = a.resource_id
	WHERE mine.user_id = ? AND mine.role IN ('administrator', 'owner')`

// List implements ports.Accesses.
func (s *Accesses) List(ctx context.Context, actor uuid.UUID, page domain.Page) (domain.Listing[domain.ResourceAccess], error) {
	var listing domain.Listing[domain.ResourceAccess]
	if err := s.db.get(ctx, nil, &listing.Count, `SELECT COUNT(*)`+administered, actor); err != nil {
		return listing, err
	}
	offset, err := page.Offset(listing.Count)
	if err != nil {
		return listing, err
	}
	err = s.db.list(ctx, &listing.Items, `SELECT `+accessColumns+administered+
		` ORDER BY a.created_at DESC, a.id LIMIT ? OFFSET ?`, actor, page.Size, offset)
	return listing, err
}

// Exists implements ports.Roles.
func (s *Accesses) Exists(ctx context.Context, resource, user uuid.UUID) (bool, error) {
	var count int
	err := s.db.get(ctx, nil, &count,
		`SELECT COUNT(*) FROM meet_resource_access WHERE resource_id = ? AND user_id = ?`, resource, user)
	return count > 0, err
}

// Add implements ports.Accesses.
func (s *Accesses) Add(ctx context.Context, access domain.ResourceAccess, actor uuid.UUID, allow func(domain.Role) error) error {
	return s.db.lockResource(ctx, access.ResourceID, actor, func(ctx context.Context, role domain.Role) error {
		if err := allow(role); err != nil {
			return err
		}
		if _, err := s.db.exec(ctx, insertAccess, access, conflict{"user", domain.ErrAccessExists}); err != nil {
			return err
		}
		return s.spareOwner(ctx, access)
	})
}

// Assign implements ports.Roles.
func (s *Accesses) Assign(ctx context.Context, access domain.ResourceAccess, actor uuid.UUID, allow func(actor, present domain.Role) error) error {
	return s.db.lockResource(ctx, access.ResourceID, actor, func(ctx context.Context, role domain.Role) error {
		present, _, err := s.db.roleOf(ctx, access.ResourceID, access.UserID)
		if err != nil {
			return err
		}
		if err := allow(role, present); err != nil || present == access.Role {
			return err
		}
		query := insertAccess
		if present != domain.NoRole {
			query = `UPDATE meet_resource_access SET role = :role, updated_at = :updated_at
				WHERE resource_id = :resource_id AND user_id = :user_id`
		}
		if _, err := s.db.exec(ctx, query, access); err != nil {
			return err
		}
		return s.spareOwner(ctx, access)
	})
}

// Update implements ports.Accesses.
func (s *Accesses) Update(ctx context.Context, id, actor uuid.UUID, change func(*domain.AccessCase) error) (domain.ResourceAccess, error) {
	var changed domain.ResourceAccess
	err := s.locked(ctx, id, actor, func(ctx context.Context, c domain.AccessCase) error {
		if err := change(&c); err != nil {
			return err
		}
		changed = c.Access
		if _, err := s.db.exec(ctx, `UPDATE meet_resource_access SET role = :role, updated_at = :updated_at WHERE id = :id`, changed); err != nil {
			return err
		}
		return s.spareOwner(ctx, changed)
	})
	return changed, err
}

// spareOwner lifts the ban of somebody whose access makes them an owner.
func (s *Accesses) spareOwner(ctx context.Context, access domain.ResourceAccess) error {
	if access.Role != domain.Owner {
		return nil
	}
	_, err := s.db.exec(ctx, `DELETE FROM meet_server_ban WHERE room_id = :resource_id AND user_id = :user_id`, access)
	return err
}

// Remove implements ports.Accesses.
func (s *Accesses) Remove(ctx context.Context, id, actor uuid.UUID, allow func(*domain.AccessCase) error) error {
	return s.locked(ctx, id, actor, func(ctx context.Context, c domain.AccessCase) error {
		if err := allow(&c); err != nil {
			return err
		}
		_, err := s.db.exec(ctx, `DELETE FROM meet_resource_access WHERE id = :id`, c.Access)
		return err
	})
}

// locked runs decide while nobody else changes the accesses of the resource.
func (s *Accesses) locked(ctx context.Context, id, actor uuid.UUID, decide func(context.Context, domain.AccessCase) error) error {
	return s.db.Atomically(ctx, func(ctx context.Context) error {
		query := `SELECT s.id FROM meet_resource s
			WHERE s.id = (SELECT a.resource_id FROM meet_resource_access a WHERE a.id = ?)` + s.db.forUpdate
		var resource uuid.UUID
		if err := s.db.get(ctx, domain.ErrAccessNotFound, &resource, query, id); err != nil {
			return err
		}
		found, err := s.Case(ctx, id, actor)
		if err != nil {
			return err
		}
		return decide(ctx, found)
	})
}
