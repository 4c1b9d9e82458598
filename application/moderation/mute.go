package moderation

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"meet/domain"
)

// Mute silences a track of somebody in the room. A caller who is known by a
// LiveKit pass alone must be in the meeting: it fails with
// domain.ErrCallerAbsent. It fails with domain.ErrParticipantNotFound.
func (s *Service) Mute(ctx context.Context, room domain.Room, caller *domain.Pass, identity, track string) error {
	if caller != nil && s.present(ctx, room.ID.String(), caller.Identity) != nil {
		return domain.ErrCallerAbsent
	}
	if err := s.people.Mute(ctx, room.ID.String(), identity, track); err != nil {
		return fmt.Errorf("mute: %w", err)
	}
	return nil
}

// MuteAll silences the audio of everybody in the room but the actor, and
// tells how many tracks that were. People who leave meanwhile are fine.
func (s *Service) MuteAll(ctx context.Context, room domain.Room, actor domain.User) (muted int, err error) {
	name := room.ID.String()
	people, err := s.people.List(ctx, name)
	if err != nil {
		return 0, fmt.Errorf("mute all: %w", err)
	}
	var failed []error
	for _, p := range people {
		if p.Identity == actor.Identity() {
			continue
		}
		for _, track := range p.Audio {
			err := s.people.Mute(ctx, name, p.Identity, track)
			kind := domain.KindOf(err)
			switch {
			case err == nil:
				muted++
			case kind == domain.Upstream, kind == domain.Timeout, ctx.Err() != nil: // nor will the others be reached
				return muted, fmt.Errorf("mute all: %w", err)
			case kind != domain.NotFound:
				failed = append(failed, err)
			}
		}
	}
	failed = append(failed, s.world.Note(ctx, domain.Deed{
		Action: domain.EverybodyMuted, Actor: actor.ID, Room: room.ID, Details: map[string]string{"tracks": strconv.Itoa(muted)},
	}))
	if err := errors.Join(failed...); err != nil {
		return muted, fmt.Errorf("mute all: %w", err)
	}
	return muted, nil
}
