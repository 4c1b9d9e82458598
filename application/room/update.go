package room

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"meet/domain"
)

// UpdateInput is what changes; nil leaves things as they are.
type UpdateInput struct {
	Name          *string
	AccessLevel   *domain.AccessLevel
	Configuration domain.RoomConfiguration // replaces the old one as a whole
}

// Find is the room as the visitor sees it, for a change by somebody who must
// be allowed, and who is not kept out of the running meeting. It fails with
// domain.ErrRoomNotFound or domain.ErrForbidden.
func (s *Service) Find(ctx context.Context, visit Visit, key string, allowed func(domain.Role) bool) (domain.RoomView, error) {
	view, err := s.look(ctx, visit, domain.ParseRoomKey(key))
	if err != nil {
		return view, fmt.Errorf("find room: %w", err)
	}
	if view.Banned || !allowed(view.Role) {
		return view, domain.ErrForbidden
	}
	return view, nil
}

// Moderated is the room as a visitor sees it who must be privileged. It fails
// with domain.ErrRoomNotFound or domain.ErrUnprivileged.
func (s *Service) Moderated(ctx context.Context, visit Visit, key string) (domain.RoomView, error) {
	view, err := s.Find(ctx, visit, key, domain.Role.Privileged)
	if errors.Is(err, domain.ErrForbidden) {
		return view, domain.ErrUnprivileged
	}
	return view, err
}

// Entered is the room that a LiveKit pass was made for. It fails with
// domain.ErrRoomNotFound, or with domain.ErrForbidden for another room's pass
// and for somebody who is kept out of the running meeting.
func (s *Service) Entered(ctx context.Context, pass domain.Pass, key string) (domain.Room, error) {
	view, err := s.rooms.Glimpse(ctx, domain.ParseRoomKey(key), domain.Whose(pass.Identity))
	if err != nil {
		return domain.Room{}, fmt.Errorf("find room: %w", err)
	}
	if view.Banned || pass.Room != view.ID.String() {
		return domain.Room{}, domain.ErrForbidden
	}
	return view.Room, nil
}

// Update changes a room that Find returned and tells the people in it. LiveKit being away does
// not undo the change.
func (s *Service) Update(ctx context.Context, visit Visit, view domain.RoomView, in UpdateInput) (Entrance, error) {
	var changed []string
	taken := false
	change := func(room *domain.Room, role domain.Role) error {
		if !role.Privileged() { // not any more
			return domain.ErrForbidden
		}
		before := *room
		if in.Name != nil {
			if err := room.Rename(*in.Name); err != nil {
				return err
			}
		}
		if in.AccessLevel != nil {
			room.AccessLevel = *in.AccessLevel
		}
		if in.Configuration != nil {
			room.Configuration = in.Configuration
		}
		room.Named(domain.RandomSlug(s.world.Pick), taken)
		room.UpdatedAt = s.world.Now()
		changed = changes(before, *room)
		view.Room = *room
		return nil
	}
	err := s.save(ctx, visit, &view, change, &changed)
	if taken = errors.Is(err, domain.ErrSlugTaken) && in.Name == nil; taken {
		err = s.save(ctx, visit, &view, change, &changed)
	}
	if err != nil {
		return Entrance{}, fmt.Errorf("update room: %w", err)
	}
	if slices.Contains(changed, accessLevel) || slices.Contains(changed, configuration) {
		if err := s.meeting.Publish(ctx, view.ID, view.Configuration, view.AccessLevel); err != nil {
			s.world.Warn(ctx, "failed to sync metadata to LiveKit", "room", view.ID, "error", err)
		}
	}
	return s.enter(visit, view)
}

// save changes the room and writes down what changed, as one.
func (s *Service) save(ctx context.Context, visit Visit, view *domain.RoomView, change func(*domain.Room, domain.Role) error, changed *[]string) error {
	return s.atomically(ctx, func(ctx context.Context) error {
		if err := s.rooms.Update(ctx, view.ID, visit.User.ID, change); err != nil {
			return err
		}
		if len(*changed) == 0 {
			return nil
		}
		return s.world.Note(ctx, domain.Deed{
			Action: domain.RoomChanged, Actor: visit.User.ID, Room: view.ID,
			Details: map[string]string{"changed": strings.Join(*changed, " "), "access_level": string(view.AccessLevel)},
		})
	})
}

// What can change of a room.
const (
	name          = "name"
	accessLevel   = "access_level"
	configuration = "configuration"
)

func changes(before, after domain.Room) []string {
	var list []string
	for what, same := range map[string]bool{
		name: before.Name == after.Name, accessLevel: before.AccessLevel == after.AccessLevel,
		configuration: sameConfiguration(before.Configuration, after.Configuration),
	} {
		if !same {
			list = append(list, what)
		}
	}
	slices.Sort(list)
	return list
}

func sameConfiguration(a, b domain.RoomConfiguration) bool {
	return len(a) == len(b) && (len(a) == 0 || reflect.DeepEqual(a, b))
}

// Remove deletes a room that Find returned, and all that hangs on it; its
// tokens are void. Only owners may. It fails with domain.ErrForbidden, or domain.ErrRoomNotFound when
// somebody else was faster.
func (s *Service) Remove(ctx context.Context, visit Visit, view domain.RoomView) error {
	allow := func(role domain.Role) error {
		if role != domain.Owner {
			return domain.ErrForbidden
		}
		return nil
	}
	err := s.atomically(ctx, func(ctx context.Context) error {
		if err := s.rooms.Remove(ctx, view.ID, visit.User.ID, allow); err != nil {
			return err
		}
		if err := s.revocations.Revoke(ctx, view.ID, s.world.Now().Add(domain.TokenLife)); err != nil {
			return err
		}
		return s.world.Note(ctx, domain.Deed{Action: domain.RoomRemoved, Actor: visit.User.ID, Room: view.ID})
	})
	if err != nil {
		return fmt.Errorf("remove room: %w", err)
	}
	return nil
}
