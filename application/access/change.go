package access

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"meet/domain"
)

// Change gives an access another role; its user and resource stay whatever
// the input says, but must make sense. It fails with
// domain.ErrAccessNotFound, domain.ErrForbidden, domain.ErrNotPrivileged,
// domain.ErrOwnersOnly, domain.ErrLastOwner and Invalid errors.
func (s *Service) Change(ctx context.Context, actor domain.User, id uuid.UUID, in Input) (domain.ResourceAccess, error) {
	access, err := s.Get(ctx, actor, id)
	if err != nil {
		return domain.ResourceAccess{}, err
	}
	if err := s.check(ctx, actor, in); err != nil {
		return domain.ResourceAccess{}, err
	}
	if err := s.collision(ctx, access, in); err != nil {
		return domain.ResourceAccess{}, err
	}
	change := func(c *domain.AccessCase) error {
		role := c.Access.Role
		if in.Role != nil {
			role = *in.Role
		}
		return c.Change(role, s.world.Now())
	}
	err = s.atomically(ctx, func(ctx context.Context) error {
		if access, err = s.accesses.Update(ctx, id, actor.ID, change); err != nil {
			return err
		}
		return s.note(ctx, domain.AccessChanged, actor, access)
	})
	if err != nil {
		return domain.ResourceAccess{}, fmt.Errorf("change access: %w", err)
	}
	return access, nil
}

// collision refuses a user or resource that would make two accesses one.
func (s *Service) collision(ctx context.Context, access domain.ResourceAccess, in Input) error {
	user, resource := access.UserID, access.ResourceID
	if in.User != nil {
		user = in.User.ID
	}
	if in.Resource != nil {
		resource = in.Resource.ID
	}
	if user == access.UserID && resource == access.ResourceID {
		return nil
	}
	taken, err := s.roles.Exists(ctx, resource, user)
	if err != nil {
		return fmt.Errorf("change access: %w", err)
	}
	if taken {
		return domain.ErrAccessExists
	}
	return nil
}
