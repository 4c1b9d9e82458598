package event

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"meet/domain"
)

// guard puts out those who may not be in the room: who is kept out, has lost
// the account, was signed out; and of those who have just come whoever could
// not come in by the room's door now. Tokens outlive all of that.
func (s *Service) guard(ctx context.Context, room string, people []domain.Participant, arrived func(domain.Participant) bool) error {
	unwanted, err := s.unwanted(ctx, room, people, arrived)
	if err != nil {
		return err
	}
	var failed []error
	for _, p := range unwanted {
		err := s.People.Remove(ctx, room, p.Identity)
		if err == nil {
			id, _ := roomID(room)
			err = s.world.Note(ctx, domain.Deed{Action: domain.ParticipantPutOut, Room: id, Subject: domain.SubjectOf(domain.User{}, p.Identity)})
		}
		if !errors.Is(err, domain.ErrParticipantNotFound) {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// unwanted is those of the people who are to be put out.
func (s *Service) unwanted(ctx context.Context, room string, people []domain.Participant, arrived func(domain.Participant) bool) ([]domain.Participant, error) {
	id, registered := roomID(room)
	holders, err := s.holders(ctx, id, people)
	if err != nil {
		return nil, err
	}
	banned := map[string]bool{}
	if registered { // nobody is kept out of other rooms
		bans, err := s.Bans.List(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, ban := range bans {
			banned[ban.Identity] = true
		}
	}
	var unwanted, arrivals []domain.Participant
	for _, p := range people {
		holder, known := holders[p.Identity]
		switch {
		case known && (!holder.Active || holder.SignedOut), banned[domain.Whose(p.Identity)]:
			unwanted = append(unwanted, p)
		case registered && p.ByToken && arrived(p):
			arrivals = append(arrivals, p)
		}
	}
	refused, err := s.refused(ctx, id, arrivals, holders)
	return append(unwanted, refused...), err
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

// refused is those of the arrivals whom the room's door keeps out. Rooms that
// we never had are somebody else's at the same media server.
func (s *Service) refused(ctx context.Context, room uuid.UUID, arrivals []domain.Participant, holders map[string]domain.Holder) ([]domain.Participant, error) {
	if len(arrivals) == 0 {
		return nil, nil
	}
	view, err := s.Rooms.View(ctx, domain.RoomKey{ID: room}, uuid.Nil)
	if errors.Is(err, domain.ErrRoomNotFound) {
		if deleted, err := s.Revocations.Revoked(ctx, room, s.world.Now()); err != nil || !deleted {
			return nil, err
		}
		return arrivals, nil
	}
	if err != nil {
		return nil, err
	}
	var refused []domain.Participant
	for _, p := range arrivals {
		holder := holders[p.Identity]
		if view.MayJoin(domain.User{Profile: domain.Profile{ID: holder.UserID}}, holder.Role) {
			continue
		}
		admitted, err := s.Entries.Admitted(ctx, room, domain.Whose(p.Identity))
		if err != nil {
			return nil, err
		}
		if !admitted {
			refused = append(refused, p)
		}
	}
	return refused, nil
}
