package e2e

import (
	"maps"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/test/client"
	"meet/test/postgres"
	"meet/test/redis"
)

// replicas are two servers on one PostgreSQL and one Redis.
func replicas(t *testing.T, shared *redis.Server) (one, two string) {
	t.Helper()
	env, options := withoutMedia(t, postgres.URL(t))
	maps.Copy(env, map[string]string{"REDIS_URL": shared.URL, "DJANGO_SECRET_KEY": "the same for both, a long random text"})
	first, _ := startApp(t, env, options...)
	second := maps.Clone(env)
	second["LISTEN_ADDR"] = free(t, "tcp")
	other, _ := startApp(t, second)
	return "http://" + first, "http://" + other
}

// at is the same browser at another server.
func at(t *testing.T, address string, c *client.Client) *client.Client {
	t.Helper()
	other := client.New(t, address)
	other.HTTP = c.HTTP // cookies know no ports
	return other
}

func TestTwoServersShareTheLobby(t *testing.T) {
	one, two := replicas(t, redis.Start(t))
	owner := client.New(t, one)
	owner.SignIn("demo-alice")
	room, _ := owner.NewRoom()["id"].(string)
	owner.Must(http.StatusOK, http.MethodPatch, "/rooms/"+room+"/", map[string]any{"access_level": "restricted"})
	guest := client.New(t, two)
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
	one, two := replicas(t, redis.Start(t))
	owner := client.New(t, one)
	owner.SignIn("demo-alice")
	room, _ := owner.NewRoom()["id"].(string)
	owner.Must(http.StatusOK, http.MethodPatch, "/rooms/"+room+"/", map[string]any{"access_level": "restricted"})
	for range 10 {
		guest := client.New(t, two)
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
	env, options := withoutMedia(t, postgres.URL(t))
	maps.Copy(env, map[string]string{
		"REDIS_URL": shared.URL, "DJANGO_SECRET_KEY": "the same for both, a long random text", "CREATION_CALLBACK_THROTTLE_RATES": "4/hour",
	})
	first, _ := startApp(t, env, options...)
	second := maps.Clone(env)
	second["LISTEN_ADDR"] = free(t, "tcp")
	other, _ := startApp(t, second)
	ask := func(address string) int {
		status, _ := client.New(t, "http://"+address).Do(http.MethodPost, "/rooms/creation-callback/", map[string]any{"callback_id": uuid.NewString()})
		return status
	}
	for i, address := range []string{first, other, first, other} {
		if status := ask(address); status != http.StatusOK {
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
	owner := client.New(t, "http://"+first)
	owner.SignIn("demo-alice")
	room, _ := owner.NewRoom()["id"].(string)
	owner.Must(http.StatusOK, http.MethodPatch, "/rooms/"+room+"/", map[string]any{"access_level": "restricted"})
	guest := client.New(t, "http://"+other)
	guest.Must(http.StatusServiceUnavailable, http.MethodPost, "/rooms/"+room+"/request-entry/", map[string]any{"username": "Zoé"})
	shared.Start()
	until(t, "the lobby is back", func() bool {
		status, _ := guest.Do(http.MethodPost, "/rooms/"+room+"/request-entry/", map[string]any{"username": "Zoé"})
		return status == http.StatusOK
	})
}
