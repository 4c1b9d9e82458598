package event

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"meet/domain"
)

// verdict is what is to happen to the people of a meeting.
type verdict struct {
	holders  map[string]domain.Holder // accounts, by identity
	unwanted []domain.Participant
	open     map[string]bool // SIDs of those of whom it is not known, or who could not be put out
}

// guard puts out those who may not be in the room: who is kept out, has lost
// the account, was signed out; and of those who have just come whoever could
// not come in by the room's door now. Tokens outlive all of that. It returns
// the SIDs of those who have to be judged again.
func (s *Service) guard(ctx context.Context, meeting domain.Meeting, people []domain.Participant, arrived func(domain.Participant) bool) (map[string]bool, error) {
	found, err := s.judge(ctx, meeting.Room, people, arrived)
	for _, p := range found.unwanted {
		if failed := s.putOut(ctx, meeting, p, found.holders[p.Identity]); failed != nil {
			found.open[p.SID] = true
			err = errors.Join(err, failed)
		}
	}
	return found.open, err
}

// putOut removes the participant, and writes that down once in a meeting.
func (s *Service) putOut(ctx context.Context, meeting domain.Meeting, p domain.Participant, holder domain.Holder) error {
	err := s.People.Remove(ctx, meeting.Room, p.Identity)
	if errors.Is(err, domain.ErrParticipantNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	id, _ := roomID(meeting.Room)
	subject := domain.SubjectOf(domain.User{Profile: domain.Profile{ID: holder.UserID}}, p.Identity)
	once, me, now := "put out "+meeting.SID+" "+subject, s.world.NewID().String(), s.world.Now()
	first, err := s.Leases.Acquire(ctx, once, me, now, now.Add(domain.TokenLife))
	if err != nil || !first {
		return err
	}
	err = s.world.Note(ctx, domain.Deed{Action: domain.ParticipantPutOut, Room: id, Subject: subject})
	if err != nil {
		err = errors.Join(err, s.Leases.Release(ctx, once, me))
	}
	return err
}

// judge decides about each of the people as far as that is possible.
func (s *Service) judge(ctx context.Context, room string, people []domain.Participant, arrived func(domain.Participant) bool) (verdict, error) {
	found := verdict{open: map[string]bool{}}
	id, registered := roomID(room)
	var err error
	banned := map[string]bool{}
	if found.holders, err = s.holders(ctx, id, people); err == nil && registered { // nobody is kept out of other rooms
		banned, err = s.banned(ctx, id)
	}
	if err != nil {
		for _, p := range people {
			found.open[p.SID] = true
		}
		return found, err
	}
	var arrivals []domain.Participant
	for _, p := range people {
		holder, known := found.holders[p.Identity]
		switch {
		case known && (!holder.Active || holder.SignedOut), banned[domain.Whose(p.Identity)]:
			found.unwanted = append(found.unwanted, p)
		case registered && p.ByToken && arrived(p):
			arrivals = append(arrivals, p)
		}
	}
	return found, s.receive(ctx, id, arrivals, &found)
}

// banned is the identities that are kept out of the room.
func (s *Service) banned(ctx context.Context, room uuid.UUID) (map[string]bool, error) {
	bans, err := s.Bans.List(ctx, room)
	banned := make(map[string]bool, len(bans))
	for _, ban := range bans {
		banned[ban.Identity] = true
	}
	return banned, err
}

// holders are the accounts of the people, by identity.
func (s *Service) holders(ctx context.Context, room uuid.UUID, people []domain.Participant) (map[string]domain.Holder, error) {
	identities := make([]string, 0, len(people))
	for _, p := range people {
		identities = append(identities, p.Identity)
	}
	list, err := s.Accounts.Holders(ctx, room, identities, s.world.Now())
	holders := make(map[string]domain.Holder, len(list))
	for _, holder := range list {
		holders[holder.Identity] = holder
	}
	return holders, err
}

// receive adds those of the arrivals whom the room's door keeps out. Rooms
// that we never had are somebody else's at the same media server.
func (s *Service) receive(ctx context.Context, room uuid.UUID, arrivals []domain.Participant, found *verdict) error {
	if len(arrivals) == 0 {
		return nil
	}
	view, deleted, err := s.registered(ctx, room)
	if err != nil {
		for _, p := range arrivals {
			found.open[p.SID] = true
		}
		return err
	}
	if deleted {
		found.unwanted = append(found.unwanted, arrivals...)
	}
	if view == nil {
		return nil
	}
	for _, p := range arrivals {
		holder := found.holders[p.Identity]
		if view.MayJoin(domain.User{Profile: domain.Profile{ID: holder.UserID}}, holder.Role) {
			continue
		}
		admitted, failed := s.Entries.Admitted(ctx, room, domain.Whose(p.Identity))
		if failed != nil {
			found.open[p.SID] = true
			err = errors.Join(err, failed)
		} else if !admitted {
			found.unwanted = append(found.unwanted, p)
		}
	}
	return err
}

// registered is the room of ours, nil for none; deleted tells that it was one
// within the life of a token.
func (s *Service) registered(ctx context.Context, room uuid.UUID) (view *domain.RoomView, deleted bool, err error) {
	found, err := s.Rooms.View(ctx, domain.RoomKey{ID: room}, uuid.Nil)
	if errors.Is(err, domain.ErrRoomNotFound) {
		deleted, err = s.Revocations.Revoked(ctx, room, s.world.Now())
		return nil, deleted, err
	}
	if err != nil {
		return nil, false, err
	}
	return &found, false, nil
}
