package memstore

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Accesses implements ports.Accesses.
type Accesses struct{ *Store }

var (
	_ ports.Accesses = Accesses{}
	_ ports.Roles    = Accesses{}
)

// accessesOf lists the accesses of the resources, newest first.
func (s *Store) accessesOf(resources ...uuid.UUID) []domain.ResourceAccess {
	var found []domain.ResourceAccess
	for _, access := range s.accesses {
		if slices.Contains(resources, access.ResourceID) {
			found = append(found, access)
		}
	}
	slices.SortFunc(found, func(a, b domain.ResourceAccess) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(a.ID.String(), b.ID.String()))
	})
	return found
}

func (s *Store) roleOf(resource, user uuid.UUID) domain.Role {
	for _, access := range s.accesses {
		if access.ResourceID == resource && access.UserID == user {
			return access.Role
		}
	}
	return domain.NoRole
}

// actingRole is the role with which the user acts on the room: none while the
// user is kept out of the running meeting.
func (s *Store) actingRole(room, user uuid.UUID) domain.Role {
	if s.keptOut(room, user) {
		return domain.NoRole
	}
	return s.roleOf(room, user)
}

// Case implements ports.Accesses.
func (s Accesses) Case(ctx context.Context, id, actor uuid.UUID) (domain.AccessCase, error) {
	defer s.locked(ctx)()
	return s.caseOf(id, actor)
}

func (s Accesses) caseOf(id, actor uuid.UUID) (domain.AccessCase, error) {
	access, known := s.accesses[id]
	if !known {
		return domain.AccessCase{}, domain.ErrAccessNotFound
	}
	found := domain.AccessCase{Access: access, Actor: actor, ActorRole: s.actingRole(access.ResourceID, actor)}
	for _, other := range s.accessesOf(access.ResourceID) {
		if other.Role == domain.Owner {
			found.Owners++
		}
	}
	return found, nil
}

// RoleOf implements ports.Roles.
func (s Accesses) RoleOf(ctx context.Context, resource, user uuid.UUID) (domain.Role, bool, error) {
	defer s.locked(ctx)()
	_, exists := s.rooms[resource]
	return s.roleOf(resource, user), exists, nil
}

// List implements ports.Accesses.
func (s Accesses) List(ctx context.Context, actor uuid.UUID, p domain.Page) (domain.Listing[domain.ResourceAccess], error) {
	defer s.locked(ctx)()
	var administered []uuid.UUID
	for _, access := range s.accesses {
		if access.UserID == actor && access.Role.Privileged() {
			administered = append(administered, access.ResourceID)
		}
	}
	return page(s.accessesOf(administered...), p)
}

// Exists implements ports.Roles.
func (s Accesses) Exists(ctx context.Context, resource, user uuid.UUID) (bool, error) {
	defer s.locked(ctx)()
	return s.roleOf(resource, user) != domain.NoRole, nil
}

// Add implements ports.Accesses.
func (s Accesses) Add(ctx context.Context, access domain.ResourceAccess, actor uuid.UUID, allow func(domain.Role) error) error {
	defer s.locked(ctx)()
	if _, exists := s.rooms[access.ResourceID]; !exists {
		return domain.ErrRoomNotFound
	}
	if err := allow(s.actingRole(access.ResourceID, actor)); err != nil {
		return err
	}
	if s.roleOf(access.ResourceID, access.UserID) != domain.NoRole {
		return domain.ErrAccessExists
	}
	s.accesses[access.ID] = access
	s.spareOwner(access)
	return nil
}

// Assign implements ports.Roles.
func (s Accesses) Assign(ctx context.Context, access domain.ResourceAccess, actor uuid.UUID, allow func(actor, present domain.Role) error) error {
	defer s.locked(ctx)()
	if _, exists := s.rooms[access.ResourceID]; !exists {
		return domain.ErrRoomNotFound
	}
	if err := allow(s.actingRole(access.ResourceID, actor), s.roleOf(access.ResourceID, access.UserID)); err != nil {
		return err
	}
	for _, present := range s.accessesOf(access.ResourceID) {
		if present.UserID == access.UserID {
			if present.Role == access.Role {
				return nil
			}
			present.Role, present.UpdatedAt = access.Role, access.UpdatedAt
			access = present
		}
	}
	s.accesses[access.ID] = access
	s.spareOwner(access)
	return nil
}

// Update implements ports.Accesses.
func (s Accesses) Update(ctx context.Context, id, actor uuid.UUID, change func(*domain.AccessCase) error) (domain.ResourceAccess, error) {
	defer s.locked(ctx)()
	found, err := s.caseOf(id, actor)
	if err != nil {
		return domain.ResourceAccess{}, err
	}
	if err := change(&found); err != nil {
		return domain.ResourceAccess{}, err
	}
	s.accesses[id] = found.Access
	s.spareOwner(found.Access)
	return found.Access, nil
}

// Remove implements ports.Accesses.
func (s Accesses) Remove(ctx context.Context, id, actor uuid.UUID, allow func(*domain.AccessCase) error) error {
	defer s.locked(ctx)()
	found, err := s.caseOf(id, actor)
	if err != nil {
		return err
	}
	if err := allow(&found); err != nil {
		return err
	}
	delete(s.accesses, id)
	return nil
}
