package livekit

import (
	"context"
	"errors"

	"github.com/livekit/protocol/livekit"

	"meet/domain"
	"meet/ports"
)

// Participants implements ports.Participants.
type Participants struct{ api *API }

var _ ports.Participants = (*Participants)(nil)

// NewParticipants acts through the server's API.
func NewParticipants(api *API) *Participants { return &Participants{api} }

// Find implements ports.Participants.
func (p *Participants) Find(ctx context.Context, room, identity string) (domain.Participant, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	found, err := p.api.rooms.GetParticipant(ctx, &livekit.RoomParticipantIdentity{Room: room, Identity: identity})
	if err != nil {
		return domain.Participant{}, failure("find participant", err, domain.ErrParticipantNotFound)
	}
	return participantOf(found), nil
}

// List implements ports.Participants.
func (p *Participants) List(ctx context.Context, room string) ([]domain.Participant, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	found, err := p.api.rooms.ListParticipants(ctx, &livekit.ListParticipantsRequest{Room: room})
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, failure("list participants", err, nil)
	}
	list := make([]domain.Participant, 0, len(found.GetParticipants()))
	for _, participant := range found.GetParticipants() {
		list = append(list, participantOf(participant))
	}
	return list, nil
}

// Mute implements ports.Participants.
func (p *Participants) Mute(ctx context.Context, room, identity, track string) error {
	bound, cancel := bounded(ctx)
	defer cancel()
	_, err := p.api.rooms.MutePublishedTrack(bound, &livekit.MuteRoomTrackRequest{
		Room: room, Identity: identity, TrackSid: track, Muted: true,
	})
	err = failure("mute track", err, domain.ErrParticipantNotFound)
	if errors.Is(err, domain.ErrLiveKitRefused) { // also what LiveKit says of somebody who is not there
		if _, absent := p.Find(ctx, room, identity); errors.Is(absent, domain.ErrParticipantNotFound) {
			return absent
		}
	}
	return err
}

// Change implements ports.Participants. LiveKit replaces permissions as a
// whole, so the present ones are asked for first.
func (p *Participants) Change(ctx context.Context, room, identity string, change domain.ParticipantChange) error {
	request := &livekit.UpdateParticipantRequest{
		Room: room, Identity: identity, Name: change.Name, Attributes: change.Attributes,
	}
	if change.Metadata != nil {
		request.Metadata = *change.Metadata
	}
	if change.Permission != nil {
		present, err := p.Find(ctx, room, identity)
		if err != nil {
			return err
		}
		request.Permission = permissionFor(change.Permission.Apply(present.Permission))
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	_, err := p.api.rooms.UpdateParticipant(ctx, request)
	return failure("update participant", err, domain.ErrParticipantNotFound)
}

// Remove implements ports.Participants.
func (p *Participants) Remove(ctx context.Context, room, identity string) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	_, err := p.api.rooms.RemoveParticipant(ctx, &livekit.RoomParticipantIdentity{Room: room, Identity: identity})
	return failure("remove participant", err, domain.ErrParticipantNotFound)
}
