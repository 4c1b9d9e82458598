// Package access is which people hold which role on a room, and which may change that.
package access

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Service keeps the accesses.
type Service struct {
	accesses   ports.Accesses
	roles      ports.Roles
	users      ports.Users
	atomically ports.Atomically
	world      ports.Surroundings
}

// New wires the service.
func New(accesses ports.Accesses, roles ports.Roles, users ports.Users, atomically ports.Atomically, world ports.Surroundings) *Service {
	return &Service{accesses, roles, users, atomically, world}
}

// Get shows an access to who administers its resource. It fails with
// domain.ErrAccessNotFound or domain.ErrForbidden.
func (s *Service) Get(ctx context.Context, actor domain.User, id uuid.UUID) (domain.ResourceAccess, error) {
	found, err := s.accesses.Case(ctx, id, actor.ID)
	if err != nil {
		return domain.ResourceAccess{}, fmt.Errorf("get access: %w", err)
	}
	if !found.ActorRole.Privileged() {
		return domain.ResourceAccess{}, domain.ErrForbidden
	}
	return found.Access, nil
}

// Revoke takes an access away. It fails with domain.ErrAccessNotFound,
// domain.ErrForbidden or domain.ErrLastOwner.
func (s *Service) Revoke(ctx context.Context, actor domain.User, id uuid.UUID) error {
	var revoked domain.ResourceAccess
	revoke := func(c *domain.AccessCase) error {
		revoked = c.Access
		return c.Revoke()
	}
	err := s.atomically(ctx, func(ctx context.Context) error {
		if err := s.accesses.Remove(ctx, id, actor.ID, revoke); err != nil {
			return err
		}
		return s.note(ctx, domain.AccessRevoked, actor, revoked)
	})
	if err != nil {
		return fmt.Errorf("revoke access: %w", err)
	}
	return nil
}

// note writes down what the actor did to the access.
func (s *Service) note(ctx context.Context, action domain.Action, actor domain.User, access domain.ResourceAccess) error {
	return s.world.Note(ctx, domain.Deed{
		Action: action, Actor: actor.ID, Room: access.ResourceID, Subject: access.UserID.String(),
		Details: map[string]string{"access": access.ID.String(), "role": string(access.Role)},
	})
}
