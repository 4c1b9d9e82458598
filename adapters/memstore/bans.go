package memstore

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Bans implements ports.Bans.
type Bans struct{ *Store }

var _ ports.Bans = Bans{}

type banKey struct {
	room     uuid.UUID
	identity string
}

// keptOut reports whether the user may not be in the room's meeting.
func (s *Store) keptOut(room, user uuid.UUID) bool {
	for _, ban := range s.bans {
		if ban.RoomID == room && ban.UserID == user && user != uuid.Nil {
			return true
		}
	}
	return false
}

// spareOwner lifts the ban of somebody whose access makes them an owner.
func (s *Store) spareOwner(access domain.ResourceAccess) {
	maps.DeleteFunc(s.bans, func(_ banKey, ban domain.Ban) bool {
		return access.Role == domain.Owner && ban.RoomID == access.ResourceID && ban.UserID == access.UserID
	})
}

// endBans lifts bans that no token outlives.
func (s *Store) endBans(now time.Time) {
	running := map[string]bool{}
	for _, meeting := range s.meetings {
		running[meeting.what.Room] = running[meeting.what.Room] || meeting.what.EndedAt == nil
	}
	maps.DeleteFunc(s.bans, func(_ banKey, ban domain.Ban) bool {
		return !ban.CreatedAt.After(now.Add(-domain.TokenLife)) && !running[ban.RoomID.String()]
	})
}

// Has implements ports.Bans.
func (s Bans) Has(ctx context.Context, room uuid.UUID, identity string) (bool, error) {
	defer s.locked(ctx)()
	_, banned := s.bans[banKey{room, identity}]
	return banned, nil
}

// Add implements ports.Bans.
func (s Bans) Add(ctx context.Context, ban domain.Ban) error {
	defer s.locked(ctx)()
	key := banKey{ban.RoomID, ban.Identity}
	if _, banned := s.bans[key]; !banned && s.roleOf(ban.RoomID, ban.UserID) != domain.Owner {
		s.bans[key] = ban
	}
	return nil
}

// Lift implements ports.Bans.
func (s Bans) Lift(ctx context.Context, room uuid.UUID, identity string) error {
	defer s.locked(ctx)()
	key := banKey{room, identity}
	if _, banned := s.bans[key]; !banned {
		return domain.ErrParticipantNotFound
	}
	delete(s.bans, key)
	return nil
}

// List implements ports.Bans.
func (s Bans) List(ctx context.Context, room uuid.UUID) ([]domain.Ban, error) {
	defer s.locked(ctx)()
	bans := []domain.Ban{}
	for _, ban := range s.bans {
		if ban.RoomID == room {
			bans = append(bans, ban)
		}
	}
	slices.SortFunc(bans, func(a, b domain.Ban) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return bans, nil
}

// Clear implements ports.Bans.
func (s Bans) Clear(ctx context.Context, room uuid.UUID, before time.Time) error {
	defer s.locked(ctx)()
	maps.DeleteFunc(s.bans, func(key banKey, ban domain.Ban) bool { return key.room == room && ban.CreatedAt.Before(before) })
	return nil
}
