package moderation_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"meet/adapters/memstore"
	"meet/application/moderation"
	"meet/domain"
	"meet/test/fake"
)

// watched is a media server at whose door somebody watches who puts the
// banned out, faster than the moderator.
type watched struct{ *fake.LiveKit }

func (w watched) Remove(ctx context.Context, room, identity string) error {
	_ = w.LiveKit.Remove(ctx, room, identity)
	return w.LiveKit.Remove(ctx, room, identity)
}

func TestWhoIsPutOutByTwoIsPutOut(t *testing.T) {
	t.Parallel()
	store, world, live := memstore.New(), fake.NewWorld(), fake.NewLiveKit()
	bans := memstore.Bans{Store: store}
	service := moderation.New(live, watched{live}, memstore.NewLobby(world.Now), bans, memstore.Users{Store: store},
		memstore.Accesses{Store: store}, store.Atomically, world.Surroundings())
	room, guest := domain.RoomView{Room: domain.Room{Resource: domain.Resource{ID: uuid.New()}}}, uuid.NewString()
	live.Join(room.ID.String(), domain.Participant{Identity: guest, Name: "Zoé"}, world.Now())
	actor := domain.User{Profile: domain.Profile{ID: uuid.New()}}
	if err := service.Remove(t.Context(), room, actor, guest); err != nil {
		t.Error(err)
	}
	if banned, err := bans.Has(t.Context(), room.ID, guest); err != nil || !banned {
		t.Errorf("banned: %v, %v", banned, err)
	}
	if len(world.Deeds) != 1 || world.Deeds[0].Action != domain.ParticipantRemoved || world.Deeds[0].Subject != guest {
		t.Errorf("written down: %+v", world.Deeds)
	}
	if err := service.Remove(t.Context(), room, actor, uuid.NewString()); !errors.Is(err, domain.ErrParticipantNotFound) {
		t.Errorf("nobody: %v", err)
	}
}
