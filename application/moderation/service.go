// Package moderation is what moderators do with the people in a meeting, and
// what people in a meeting do with themselves.
package moderation

import (
	"context"
	"errors"

	"meet/domain"
	"meet/ports"
)

// Service acts on running meetings.
type Service struct {
	meeting    ports.Meeting
	people     ports.Participants
	entries    ports.Lobby
	bans       ports.Bans
	users      ports.Users
	roles      ports.Roles
	atomically ports.Atomically
	world      ports.Surroundings
}

// New wires the service.
func New(meeting ports.Meeting, people ports.Participants, entries ports.Lobby, bans ports.Bans,
	users ports.Users, roles ports.Roles, atomically ports.Atomically, world ports.Surroundings) *Service {
	return &Service{meeting, people, entries, bans, users, roles, atomically, world}
}

// account is the person whose LiveKit identity it is, a stranger for nobody's.
func (s *Service) account(ctx context.Context, identity string) (domain.User, error) {
	user, err := s.users.BySub(ctx, identity)
	if errors.Is(err, domain.ErrUserNotFound) {
		return domain.User{}, nil
	}
	return user, err
}

// present fails with domain.ErrParticipantNotFound unless the identity is
// connected to the meeting.
func (s *Service) present(ctx context.Context, room, identity string) error {
	if room == "" || identity == "" {
		return domain.ErrParticipantNotFound
	}
	found, err := s.people.Find(ctx, room, identity)
	if err == nil && !found.Connected {
		return domain.ErrParticipantNotFound
	}
	return err
}
