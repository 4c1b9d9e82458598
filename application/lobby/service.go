// Package lobby is how people who may not simply enter a room ask to be let
// in, and how moderators answer.
package lobby

import (
	"context"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Service keeps the lobbies of all rooms.
type Service struct {
	rooms   ports.Rooms
	entries ports.Lobby
	bans    ports.Bans
	meeting ports.Meeting
	tokens  ports.Tokens
	note    ports.Note
	rules   Rules
	bell    *bell
}

// Rules are an instance's choices about lobbies.
type Rules struct {
	domain.LobbyRules
	Tokens domain.TokenRules
}

// New wires the service.
func New(rooms ports.Rooms, entries ports.Lobby, bans ports.Bans, meeting ports.Meeting, tokens ports.Tokens, world ports.Surroundings, rules Rules) *Service {
	return &Service{rooms, entries, bans, meeting, tokens, world.Note, rules, newBell()}
}

// Changed wakes those who wait for news of the entry, or of the room's list.
// It has the meaning of ports.LobbyNews.
func (s *Service) Changed(room uuid.UUID, id string) { s.bell.ring(room, id) }

// Close answers everybody who waits for news; nobody waits from now on.
func (s *Service) Close() { s.bell.close() }

// look is the room as the visitor sees it.
func (s *Service) look(ctx context.Context, visit Visit, key string) (domain.RoomView, error) {
	if visit.Seen != nil {
		return *visit.Seen, nil
	}
	return s.rooms.View(ctx, domain.ParseRoomKey(key), visit.User.ID)
}
