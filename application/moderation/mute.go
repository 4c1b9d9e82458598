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
		count, err := s.muteTracks(ctx, name, p)
		muted += count
		if failed = append(failed, err); hopeless(ctx, err) { // nor will the others be reached
			break
		}
	}
	if muted > 0 {
		failed = append(failed, s.world.Note(ctx, domain.Deed{
			Action: domain.EverybodyMuted, Actor: actor.ID, Room: room.ID, Details: map[string]string{"tracks": strconv.Itoa(muted)},
		}))
	}
	if err := errors.Join(failed...); err != nil {
		return muted, fmt.Errorf("mute all: %w", err)
	}
	return muted, nil
}

// hopeless reports whether further calls of LiveKit would fail as this did.
func hopeless(ctx context.Context, err error) bool {
	kind := domain.KindOf(err)
	return err != nil && (kind == domain.Upstream || kind == domain.Timeout || ctx.Err() != nil)
}

// muteTracks silences the audio of one, and tells how many tracks that were.
func (s *Service) muteTracks(ctx context.Context, room string, p domain.Participant) (muted int, err error) {
	var failed []error
	for _, track := range p.Audio {
		err := s.people.Mute(ctx, room, p.Identity, track)
		switch {
		case err == nil:
			muted++
		case hopeless(ctx, err):
			return muted, err
		case domain.KindOf(err) != domain.NotFound:
			failed = append(failed, err)
		}
	}
	return muted, errors.Join(failed...)
}
