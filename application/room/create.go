package room

import (
	"context"
	"errors"
	"fmt"

	"meet/domain"
)

// CreateInput is a room to be. Absent choices follow the creator's
// preferences, and these the instance's.
type CreateInput struct {
	Name          string
	AccessLevel   *domain.AccessLevel
	Configuration domain.RoomConfiguration
	CallbackID    string // secret under which the slug is left, "" for none
}

// Create opens a room and makes the visitor its owner. It fails with
// domain.ErrSlugTaken and other Invalid errors.
func (s *Service) Create(ctx context.Context, visit Visit, in CreateInput) (Entrance, error) {
	room, err := domain.NewRoom(s.world.NewID(), in.Name, domain.RandomSlug(s.world.Pick),
		s.levelFor(visit.User, in), configurationFor(visit.User, in), s.world.Now())
	if err != nil {
		return Entrance{}, err
	}
	owner := domain.ResourceAccess{
		ID: s.world.NewID(), CreatedAt: room.CreatedAt, UpdatedAt: room.CreatedAt,
		UserID: visit.User.ID, ResourceID: room.ID, Role: domain.Owner,
	}
	if err := s.addWithPin(ctx, &room, owner, in.CallbackID); err != nil {
		return Entrance{}, fmt.Errorf("create room: %w", err)
	}
	s.analytics.Track(ctx, visit.User, domain.Activity{Name: domain.RoomCreated, Properties: map[string]string{"slug": room.Slug}})
	return s.enter(visit, domain.RoomView{Room: room, Role: domain.Owner, Members: []domain.ResourceMember{
		{AccessID: owner.ID, Role: domain.Owner, Profile: visit.User.Profile},
	}})
}

func (s *Service) levelFor(creator domain.User, in CreateInput) domain.AccessLevel {
	switch preferred := creator.DefaultRoomAccessLevel; {
	case in.AccessLevel != nil:
		return *in.AccessLevel
	case preferred != nil && *preferred != "":
		return *preferred
	default:
		return s.rules.DefaultLevel
	}
}

func configurationFor(creator domain.User, in CreateInput) domain.RoomConfiguration {
	if len(in.Configuration) > 0 {
		return in.Configuration
	}
	return creator.DefaultRoomConfiguration
}

// addWithPin saves the room, with a PIN where the instance gives them out.
// A PIN that another room has is drawn anew; when all draws fail the room
// goes without.
func (s *Service) addWithPin(ctx context.Context, room *domain.Room, owner domain.ResourceAccess, callbackID string) error {
	for range s.rules.PinAttempts {
		if s.rules.PinLength == 0 {
			break
		}
		room.PinCode = domain.RandomDigits(s.rules.PinLength, s.world.Pick)
		if err := s.add(ctx, *room, owner, callbackID); !errors.Is(err, domain.ErrPinTaken) {
			return err
		}
	}
	if s.rules.PinLength > 0 {
		room.PinCode = ""
		s.world.Warn(ctx, "failed to generate a unique PIN code", "length", s.rules.PinLength, "attempts", s.rules.PinAttempts)
	}
	return s.add(ctx, *room, owner, callbackID)
}

func (s *Service) add(ctx context.Context, room domain.Room, owner domain.ResourceAccess, callbackID string) error {
	return s.atomically(ctx, func(ctx context.Context) error {
		if err := s.rooms.Add(ctx, room, owner); err != nil {
			return err
		}
		if callbackID != "" {
			if err := s.callbacks.Put(ctx, callbackID, room.Slug, room.CreatedAt.Add(s.rules.CallbackTimeout)); err != nil {
				return err
			}
		}
		return s.world.Note(ctx, domain.Deed{
			Action: domain.RoomAdded, Actor: owner.UserID, Room: room.ID, Details: map[string]string{"access_level": string(room.AccessLevel)},
		})
	})
}

// Created hands out the slug left under a secret, once; "" when there is none.
func (s *Service) Created(ctx context.Context, callbackID string) (slug string, err error) {
	slug, _, err = s.callbacks.Take(ctx, callbackID, s.world.Now())
	if err != nil {
		return "", fmt.Errorf("take creation callback: %w", err)
	}
	return slug, nil
}
