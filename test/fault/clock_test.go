package fault

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/adapters/memstore"
	"meet/application/audit"
	"meet/application/invitation"
	"meet/domain"
	"meet/test/fake"
)

// TestAClockThatJumpsHarmsNobody moves the clock of a process an hour back
// and forth between things that are measured by it.
func TestAClockThatJumpsHarmsNobody(t *testing.T) {
	for name, jump := range map[string]time.Duration{"forwards": time.Hour, "backwards": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			store, world, mail := memstore.New(), fake.NewWorld(), &fake.Mailer{}
			leases, deeds := memstore.Leases{Store: store}, memstore.Deeds{Store: store}
			lobby := memstore.NewLobby(world.Now)
			room := uuid.New()
			letters := invitation.New(memstore.Outbox{Store: store}, mail, leases, store.Atomically, world.Surroundings())
			record := audit.New(deeds, leases, store.Atomically, world.Surroundings(), audit.Rules{})

			// a crashed process holds the leases
			for _, lease := range []string{"letters", "audit", "events"} {
				if mine, err := leases.Acquire(t.Context(), lease, "crashed", world.Now(), world.Now().Add(30*time.Second)); err != nil || !mine {
					t.Fatal(mine, err)
				}
			}
			if err := letters.Invite(t.Context(), domain.User{}, domain.Room{Resource: domain.Resource{ID: room}, Slug: "daily"}, "en-us", []string{"a@example.com"}); err != nil {
				t.Fatal(err)
			}
			if err := deeds.Add(t.Context(), domain.Deed{ID: uuid.New(), At: world.Now(), Action: domain.RoomAdded}); err != nil {
				t.Fatal(err)
			}
			world.Forward(jump)
			if _, added, err := lobby.Add(t.Context(), room, domain.LobbyEntry{ID: "a", Status: domain.Waiting}, nil, 3*time.Second); err != nil || !added {
				t.Fatal(added, err)
			}
			world.Forward(-jump)
			world.Forward(2 * time.Hour) // at the latest, then, everything goes on
			if err := letters.Deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
			sealed := 0
			if err := record.Seal(t.Context(), func(domain.SealedDeed) { sealed++ }); err != nil {
				t.Fatal(err)
			}
			if waiting, err := lobby.Waiting(t.Context(), room); err != nil || len(waiting) != 0 {
				t.Errorf("still waiting: %v, %v", waiting, err)
			}
			if sent := mail.Sent; len(sent) != 1 || sealed != 1 {
				t.Errorf("%d letters sent, %d deeds sealed", len(sent), sealed)
			}
		})
	}
}
