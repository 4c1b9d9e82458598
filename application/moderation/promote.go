package moderation

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"meet/domain"
)

// Connected fails with domain.ErrNotConnected unless the actor is in the
// meeting, as far as LiveKit tells.
func (s *Service) Connected(ctx context.Context, room domain.Room, actor domain.User) error {
	if s.present(ctx, room.ID.String(), actor.Identity()) != nil {
		return domain.ErrNotConnected
	}
	return nil
}

// Promote gives somebody in the meeting who has an account another role on
// the room: member or administrator. synced tells whether the others in the
// meeting see it. It fails with domain.ErrOwnRole, domain.ErrNotInMeeting,
// domain.ErrNoAccount, domain.ErrOwnerStays or domain.ErrUnprivileged.
func (s *Service) Promote(ctx context.Context, room domain.RoomView, actor domain.User, identity string, role domain.Role) (synced bool, err error) {
	if identity == actor.Identity() {
		return false, domain.ErrOwnRole
	}
	err = s.present(ctx, room.ID.String(), identity)
	if errors.Is(err, domain.ErrParticipantNotFound) {
		return false, domain.ErrNotInMeeting
	}
	if err != nil {
		return false, fmt.Errorf("change role: %w", err)
	}
	account, err := s.account(ctx, identity)
	if err == nil && !account.SignedIn() {
		err = domain.ErrNoAccount
	}
	if err == nil {
		err = s.assign(ctx, room, actor, account.ID, role)
	}
	if err != nil {
		return false, fmt.Errorf("change role: %w", err)
	}
	err = s.people.Change(ctx, room.ID.String(), identity, domain.ParticipantChange{Attributes: map[string]string{"room_role": string(role)}})
	if err != nil {
		s.world.Warn(ctx, "a changed role is not shown in the meeting", "room", room.ID, "error", err)
	}
	return err == nil, nil
}

// assign saves the role; of two at once the second finds what the first made.
func (s *Service) assign(ctx context.Context, room domain.RoomView, actor domain.User, user uuid.UUID, role domain.Role) error {
	now := s.world.Now()
	access := domain.ResourceAccess{
		ID: s.world.NewID(), CreatedAt: now, UpdatedAt: now, UserID: user, ResourceID: room.ID, Role: role,
	}
	return s.atomically(ctx, func(ctx context.Context) error {
		if err := s.roles.Assign(ctx, access, actor.ID, mayAssign); err != nil {
			return err
		}
		return s.world.Note(ctx, domain.Deed{
			Action: domain.RoleAssigned, Actor: actor.ID, Room: room.ID, Subject: user.String(), Details: map[string]string{"role": string(role)},
		})
	})
}

// mayAssign says whether somebody with the role actor may change the present
// role of somebody in the meeting.
func mayAssign(actor, present domain.Role) error {
	switch {
	case !actor.Privileged(): // not any more
		return domain.ErrUnprivileged
	case present == domain.Owner:
		return domain.ErrOwnerStays
	}
	return nil
}
