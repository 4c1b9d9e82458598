package moderation

import (
	"context"
	"errors"
	"fmt"

	"meet/domain"
)

// Remove puts somebody out of the meeting and keeps them out until it ends;
// owners are put out, but can come back. It fails with
// domain.ErrParticipantNotFound for somebody who is not there.
func (s *Service) Remove(ctx context.Context, room domain.RoomView, actor domain.User, identity string) error {
	account, err := s.account(ctx, identity)
	keptOut := false
	if err == nil {
		keptOut, err = s.keepOut(ctx, room, account, identity)
	}
	if err != nil {
		return fmt.Errorf("remove participant: %w", err)
	}
	forgotten := s.entries.Forget(ctx, room.ID, domain.Whose(identity))
	removed := s.people.Remove(ctx, room.ID.String(), identity)
	if keptOut && !account.SignedIn() {
		s.closeTabs(ctx, room, identity)
	}
	if keptOut && errors.Is(removed, domain.ErrParticipantNotFound) {
		removed = nil // who watches over the door was faster
	}
	var noted error
	if !errors.Is(removed, domain.ErrParticipantNotFound) { // where LiveKit failed, they are kept out all the same
		noted = s.world.Note(ctx, domain.Deed{
			Action: domain.ParticipantRemoved, Actor: actor.ID, Room: room.ID, Subject: domain.SubjectOf(account, identity),
		})
	}
	if err := errors.Join(removed, forgotten, noted); err != nil {
		return fmt.Errorf("remove participant: %w", err)
	}
	return nil
}

// closeTabs puts out the other tabs of a stranger's browser; whom this does
// not reach the watch at the door puts out.
func (s *Service) closeTabs(ctx context.Context, room domain.RoomView, identity string) {
	people, err := s.people.List(ctx, room.ID.String())
	for _, p := range people {
		if p.Identity != identity && domain.Whose(p.Identity) == domain.Whose(identity) {
			err = errors.Join(err, s.people.Remove(ctx, room.ID.String(), p.Identity))
		}
	}
	if err != nil {
		s.world.Warn(ctx, "other tabs of a removed participant may still be in the meeting", "room", room.ID, "error", err)
	}
}

// keepOut bans somebody who is there, unless it is an owner.
func (s *Service) keepOut(ctx context.Context, room domain.RoomView, account domain.User, identity string) (banned bool, err error) {
	if account.SignedIn() {
		role, _, err := s.roles.RoleOf(ctx, room.ID, account.ID)
		if err != nil || role == domain.Owner {
			return false, err
		}
	}
	found, err := s.people.Find(ctx, room.ID.String(), identity)
	if errors.Is(err, domain.ErrParticipantNotFound) {
		return false, nil // nobody to keep out
	}
	if err != nil {
		s.world.Warn(ctx, "the name of a removed participant is not known", "room", room.ID, "error", err)
	}
	if found.Name == "" {
		found.Name = account.DisplayName()
	}
	err = s.bans.Add(ctx, domain.Ban{
		RoomID: room.ID, Identity: domain.Whose(identity), UserID: account.ID, Name: found.Name, CreatedAt: s.world.Now(),
	})
	return err == nil, err
}

// Readmit lets somebody else in again who was removed. It fails with
// domain.ErrParticipantNotFound or domain.ErrForbidden.
func (s *Service) Readmit(ctx context.Context, room domain.RoomView, actor domain.User, identity string) error {
	if identity == actor.Identity() {
		return domain.ErrForbidden
	}
	account, err := s.account(ctx, identity)
	if err == nil {
		err = s.atomically(ctx, func(ctx context.Context) error {
			if err := s.bans.Lift(ctx, room.ID, domain.Whose(identity)); err != nil {
				return err
			}
			return s.world.Note(ctx, domain.Deed{
				Action: domain.ParticipantReturned, Actor: actor.ID, Room: room.ID, Subject: domain.SubjectOf(account, identity),
			})
		})
	}
	if err != nil {
		return fmt.Errorf("readmit participant: %w", err)
	}
	return nil
}

// End closes the meeting for everybody. It fails with
// domain.ErrMeetingNotRunning.
func (s *Service) End(ctx context.Context, room domain.RoomView, actor domain.User) error {
	err := s.meeting.End(ctx, room.ID.String())
	if err == nil {
		err = s.world.Note(ctx, domain.Deed{Action: domain.MeetingEnded, Actor: actor.ID, Room: room.ID})
	}
	if err != nil {
		return fmt.Errorf("end meeting: %w", err)
	}
	return nil
}
