package ports

import (
	"context"

	"github.com/google/uuid"

	"meet/domain"
)

// Accesses is the collection of roles that people hold on resources.
type Accesses interface {
	// Case is the access and what the actor may do with it. It fails with
	// domain.ErrAccessNotFound.
	Case(ctx context.Context, id, actor uuid.UUID) (domain.AccessCase, error)
	// List is all accesses of the resources that the actor administers,
	// newest first. It fails with domain.ErrInvalidPage.
	List(ctx context.Context, actor uuid.UUID, page domain.Page) (domain.Listing[domain.ResourceAccess], error)
	// Add locks the resource, asks allow, and saves the access, as one; role is
	// that with which the actor acts while the lock holds: none for somebody
	// who is kept out of the running meeting. It fails with domain.ErrAccessExists,
	// domain.ErrRoomNotFound when there is no such resource, or allow's error.
	Add(ctx context.Context, access domain.ResourceAccess, actor uuid.UUID, allow func(role domain.Role) error) error
	// Update locks the resource, lets change alter the case's access and
	// saves it, as one. It fails with domain.ErrAccessNotFound or change's error.
	Update(ctx context.Context, id, actor uuid.UUID, change func(*domain.AccessCase) error) (domain.ResourceAccess, error)
	// Remove locks the resource, asks allow and deletes the access, as one.
	// It fails with domain.ErrAccessNotFound or allow's error.
	Remove(ctx context.Context, id, actor uuid.UUID, allow func(*domain.AccessCase) error) error
}

// Roles tells and gives people's roles on resources.
type Roles interface {
	// RoleOf is the user's role on the resource; exists is false when there
	// is no such resource.
	RoleOf(ctx context.Context, resource, user uuid.UUID) (role domain.Role, exists bool, err error)
	// Exists reports whether the user holds a role on the resource.
	Exists(ctx context.Context, resource, user uuid.UUID) (bool, error)
	// Assign locks the resource, asks allow, and saves the access or gives
	// the user's present one its role, as one; the roles are those of the
	// actor and of the user while the lock holds. It fails with
	// domain.ErrRoomNotFound or allow's error.
	Assign(ctx context.Context, access domain.ResourceAccess, actor uuid.UUID, allow func(actor, present domain.Role) error) error
}
