package access

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"meet/domain"
)

// Ref is an id somebody sent.
type Ref struct {
	ID  uuid.UUID
	Raw string // as it was sent, for the answer
}

// Input is an access to be, or a change of one; nil is absent. Problems are
// what was wrong with the fields before they could be looked at.
type Input struct {
	User, Resource *Ref
	Role           *domain.Role
	Problems       map[string][]domain.Problem
}

// Grant gives a user a role on a room. It fails with domain.ErrNotPrivileged,
// domain.ErrOwnersOnly, domain.ErrAccessExists and other Invalid errors.
func (s *Service) Grant(ctx context.Context, actor domain.User, in Input) (domain.ResourceAccess, error) {
	if err := s.check(ctx, actor, in); err != nil {
		return domain.ResourceAccess{}, err
	}
	taken, err := s.roles.Exists(ctx, in.Resource.ID, in.User.ID)
	if err != nil {
		return domain.ResourceAccess{}, fmt.Errorf("grant access: %w", err)
	}
	if taken {
		return domain.ResourceAccess{}, domain.ErrAccessExists
	}
	role, now := domain.Member, s.world.Now()
	if in.Role != nil {
		role = *in.Role
	}
	access := domain.ResourceAccess{
		ID: s.world.NewID(), CreatedAt: now, UpdatedAt: now, UserID: in.User.ID, ResourceID: in.Resource.ID, Role: role,
	}
	err = s.atomically(ctx, func(ctx context.Context) error {
		allow := func(actorRole domain.Role) error { return mayGrant(actorRole, role) }
		if err := s.accesses.Add(ctx, access, actor.ID, allow); err != nil {
			return err
		}
		return s.note(ctx, domain.AccessGranted, actor, access)
	})
	if err != nil {
		return domain.ResourceAccess{}, fmt.Errorf("grant access: %w", err)
	}
	return access, nil
}

// mayGrant says whether somebody with the role actor makes somebody else role.
func mayGrant(actor, role domain.Role) error {
	switch {
	case !actor.Privileged():
		return domain.ErrNotPrivileged
	case role == domain.Owner && actor != domain.Owner:
		return domain.ErrOwnersOnly
	}
	return nil
}

// check looks the references up. A resource that the actor does not
// administer comes before all other refusals.
func (s *Service) check(ctx context.Context, actor domain.User, in Input) error {
	problems := map[string][]domain.Problem{}
	for field, refused := range in.Problems {
		problems[field] = refused
	}
	if in.Resource != nil {
		role, exists, err := s.roles.RoleOf(ctx, in.Resource.ID, actor.ID)
		switch {
		case err != nil:
			return fmt.Errorf("look up resource: %w", err)
		case !exists:
			problems["resource"] = unknown(in.Resource)
		case !role.Privileged():
			return domain.ErrNotPrivileged
		}
	}
	if in.User != nil {
		switch _, err := s.users.Get(ctx, in.User.ID); {
		case errors.Is(err, domain.ErrUserNotFound):
			problems["user"] = unknown(in.User)
		case err != nil:
			return fmt.Errorf("look up user: %w", err)
		}
	}
	if len(problems) > 0 {
		return &domain.Error{Kind: domain.Invalid, Fields: problems}
	}
	return nil
}

func unknown(ref *Ref) []domain.Problem {
	return []domain.Problem{{Text: fmt.Sprintf("Invalid pk \"%s\" - object does not exist.", ref.Raw)}}
}
