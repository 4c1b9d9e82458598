package fault

import (
	"maps"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/test/client"
	"meet/test/postgres"
	"meet/test/process"
	"meet/test/redis"
)

// replicas are two servers on one PostgreSQL and one Redis.
func replicas(t *testing.T, shared *redis.Server, changes map[string]string) (one, two *process.Process) {
	t.Helper()
	env := map[string]string{"REDIS_URL": shared.URL}
	maps.Copy(env, changes)
	list := servers(t, 2, postgres.URL(t), env)
	return list[0], list[1]
}

// stranger is a browser without cookies.
func stranger(t testing.TB, server *process.Process) *client.Client {
	t.Helper()
	return client.New(t, "http://"+server.Address)
}

// knock asks to be let into the room.
func knock(c *client.Client, room string) map[string]any {
	return c.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/request-entry/", map[string]any{"username": "Zoé"})
}

// lobby is Alice with a room before which people wait.
func lobby(t testing.TB, server *process.Process) (*client.Client, string) {
	t.Helper()
	owner := browser(t, server)
	room, _ := owner.NewRoom()["id"].(string)
	owner.Must(http.StatusOK, http.MethodPatch, "/rooms/"+room+"/", map[string]any{"access_level": "restricted"})
	return owner, room
}

func TestTwoServersShareTheLobby(t *testing.T) {
	one, two := replicas(t, redis.Start(t), nil)
	owner, room := lobby(t, one)
	guest := stranger(t, two)
	id := knock(guest, room)["id"]
	moderator := at(t, two, owner)

	held := at(t, one, guest)
	held.Header = http.Header{"Prefer": {"wait=20"}}
	answers, begun := make(chan map[string]any, 1), time.Now()
	go func() { answers <- knock(held, room) }()
	until(t, "both servers show who waits", func() bool {
		for _, c := range []*client.Client{owner, moderator} {
			list := c.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/waiting-participants/", nil)["participants"].([]any)
			if len(list) != 1 {
				return false
			}
		}
		return true
	})
	moderator.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/enter/", map[string]any{"participant_id": id, "allow_entry": true})
	if answer := <-answers; answer["status"] != "accepted" || time.Since(begun) > 15*time.Second {
		t.Errorf("after %v: %v", time.Since(begun), answer)
	}
}

// TestDecisionsRaceWithPolls lets polls at one server race with decisions at
// the other: who was accepted stays accepted.
func TestDecisionsRaceWithPolls(t *testing.T) {
	one, two := replicas(t, redis.Start(t), nil)
	owner, room := lobby(t, one)
	for range 10 {
		guest := stranger(t, two)
		id := knock(guest, room)["id"]
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() { knock(guest, room) })
		}
		all.Go(func() {
			owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/enter/", map[string]any{"participant_id": id, "allow_entry": true})
		})
		all.Wait()
		if answer := knock(guest, room); answer["status"] != "accepted" {
			t.Fatalf("got %v", answer)
		}
	}
}

func TestRateLimitsAreSharedAndOutlastRedis(t *testing.T) {
	shared := redis.Start(t)
	first, other := replicas(t, shared, map[string]string{"CREATION_CALLBACK_THROTTLE_RATES": "4/hour"})
	ask := func(server *process.Process) int {
		status, _ := stranger(t, server).Do(http.MethodPost, "/rooms/creation-callback/", map[string]any{"callback_id": uuid.NewString()})
		return status
	}
	for i, server := range []*process.Process{first, other, first, other} {
		if status := ask(server); status != http.StatusOK {
			t.Errorf("%d: %d", i, status)
		}
	}
	if a, b := ask(first), ask(other); a != http.StatusTooManyRequests || b != http.StatusTooManyRequests {
		t.Errorf("one too many: %d %d", a, b)
	}
	shared.Stop()
	if status := ask(first); status != http.StatusOK {
		t.Errorf("without Redis: %d", status)
	}
	owner, room := lobby(t, first)
	guest := stranger(t, other)
	guest.Must(http.StatusServiceUnavailable, http.MethodPost, "/rooms/"+room+"/request-entry/", map[string]any{"username": "Zoé"})
	shared.Start()
	until(t, "the lobby is back", func() bool {
		status, _ := guest.Do(http.MethodPost, "/rooms/"+room+"/request-entry/", map[string]any{"username": "Zoé"})
		return status == http.StatusOK
	})
	owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/waiting-participants/", nil)
}
