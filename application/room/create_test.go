package room_test

import (
	"context"
	"errors"
	"testing"

	"github.com/golang/mock/gomock"

	"meet/adapters/memstore"
	"meet/application/room"
	"meet/domain"
	"meet/ports/mock"
	"meet/test/fake"
)

type noTokens struct{}

// Sign implements ports.Tokens.
func (noTokens) Sign(domain.Grant) (string, error) { return "token", nil }

func service(t *testing.T, rules domain.TokenRules) (*room.Service, *mock.MockRooms, *fake.World, *fake.Analytics) {
	t.Helper()
	rooms, world, analytics, store := mock.NewMockRooms(gomock.NewController(t)), fake.NewWorld(), &fake.Analytics{}, memstore.New()
	rules.DefaultLevel = domain.Public
	return room.New(rooms, memstore.Marks{Store: store}, memstore.Revocations{Store: store}, fake.NewLiveKit(), noTokens{}, analytics, store.Atomically, world.Surroundings(), rules),
		rooms, world, analytics
}

// A store that keeps saying "taken" is something no real one does.
func TestARoomGoesWithoutAPINWhenEveryDrawIsTaken(t *testing.T) {
	t.Parallel()
	for _, attempts := range []int{5, 3, 0} {
		rooms, mocked, world, _ := service(t, domain.TokenRules{PinLength: 4, PinAttempts: attempts})
		pins := map[string]bool{}
		mocked.EXPECT().Add(gomock.Any(), gomock.Any(), gomock.Any()).Times(attempts + 1).DoAndReturn(
			func(_ context.Context, room domain.Room, _ domain.ResourceAccess) error {
				if room.PinCode == "" {
					return nil
				}
				pins[room.PinCode] = len(room.PinCode) == 4
				return domain.ErrPinTaken
			})
		created, err := rooms.Create(t.Context(), room.Visit{}, room.CreateInput{Name: "room"})
		if err != nil || created.PinCode != "" || len(world.Warnings) != 1 || (attempts > 0 && len(pins) == 0) {
			t.Errorf("%d attempts: PIN %q, error %v, warnings %v, drawn %v", attempts, created.PinCode, err, world.Warnings, pins)
		}
	}
}

func TestAStoreThatFailsCreatesNothingAndTellsNobody(t *testing.T) {
	t.Parallel()
	rooms, mocked, _, analytics := service(t, domain.TokenRules{})
	broken := errors.New("disk full")
	mocked.EXPECT().Add(gomock.Any(), gomock.Any(), gomock.Any()).Return(broken)
	if _, err := rooms.Create(t.Context(), room.Visit{}, room.CreateInput{Name: "room", CallbackID: "secret"}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if slug, err := rooms.Created(t.Context(), "secret"); slug != "" || err != nil {
		t.Errorf("a callback leads to %q, error %v", slug, err)
	}
	if names := analytics.Names(); len(names) != 0 {
		t.Errorf("told %v", names)
	}
}
