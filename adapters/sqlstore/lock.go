package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"meet/domain"
)

// lockResource runs decide while nobody else changes the resource or who has
// access to it. All writers lock the resource first, so that none waits for
// another in a circle. role is the actor's, read under the lock.
func (d *DB) lockResource(ctx context.Context, id, actor uuid.UUID, decide func(ctx context.Context, role domain.Role) error) error {
	return d.Atomically(ctx, func(ctx context.Context) error {
		var locked uuid.UUID
		if err := d.get(ctx, domain.ErrRoomNotFound, &locked, `SELECT s.id FROM meet_resource s WHERE s.id = ?`+d.forUpdate, id); err != nil {
			return err
		}
		role, exists, err := d.roleOf(ctx, id, actor)
		if err != nil {
			return err
		}
		if !exists {
			return domain.ErrRoomNotFound
		}
		return decide(ctx, role)
	})
}

// roleOf is the user's role on the room, and whether there is such a room.
func (d *DB) roleOf(ctx context.Context, resource, user uuid.UUID) (domain.Role, bool, error) {
	var roles []domain.Role
	err := d.list(ctx, &roles, `SELECT COALESCE(a.role, '') FROM meet_room r
		LEFT JOIN meet_resource_access a ON a.resource_id = r.resource_id AND a.user_id = ?
		WHERE r.resource_id = ?`, user, resource)
	if err != nil || len(roles) == 0 {
		return domain.NoRole, false, err
	}
	return roles[0], true, nil
}
