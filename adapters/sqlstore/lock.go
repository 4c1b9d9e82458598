package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"meet/domain"
)

// lockResource runs decide while nobody else changes the resource or who has
// access to it. All writers lock the resource first, so that none waits for
// another in a circle. role is the one with which the actor acts, read under
// the lock.
func (d *DB) lockResource(ctx context.Context, id, actor uuid.UUID, decide func(ctx context.Context, role domain.Role) error) error {
	return d.Atomically(ctx, func(ctx context.Context) error {
		var locked uuid.UUID
		if err := d.get(ctx, domain.ErrRoomNotFound, &locked, `SELECT s.id FROM meet_resource s WHERE s.id = ?`+d.forUpdate, id); err != nil {
			return err
		}
		role, exists, err := d.firstRole(ctx, `SELECT `+actingRole("a", "r.resource_id")+roleOnRoom, actor, actor, id)
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
	return d.firstRole(ctx, `SELECT COALESCE(a.role, '')`+roleOnRoom, user, resource)
}

const roleOnRoom = ` FROM meet_room r LEFT JOIN meet_resource_access a ON a.resource_id = r.resource_id AND a.user_id = ?
	WHERE r.resource_id = ?`

// actingRole is the role of the access with which its user acts on the room:
// none while the user, who is its argument, is kept out of the running meeting.
func actingRole(access, room string) string {
	return `CASE WHEN EXISTS (SELECT 1 FROM meet_server_ban b WHERE b.room_id = ` + room + ` AND b.user_id = ?)
		THEN '' ELSE COALESCE(` + access + `.role, '') END`
}

func (d *DB) firstRole(ctx context.Context, query string, args ...any) (domain.Role, bool, error) {
	var roles []domain.Role
	err := d.list(ctx, &roles, query, args...)
	if err != nil || len(roles) == 0 {
		return domain.NoRole, false, err
	}
	return roles[0], true, nil
}
