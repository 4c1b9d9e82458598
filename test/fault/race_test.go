package fault

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"meet/test/client"
	"meet/test/process"
	"meet/test/redis"
)

// TestTheLobbyOutlivesAServer kills the one at which a guest waits.
func TestTheLobbyOutlivesAServer(t *testing.T) {
	one, two := replicas(t, redis.Start(t), nil)
	owner, room := lobby(t, one)
	guest := stranger(t, two)
	id := knock(guest, room)["id"]
	two.Kill()
	elsewhere := at(t, one, guest)
	if answer := knock(elsewhere, room); answer["id"] != id || answer["status"] != "waiting" {
		t.Errorf("at another server the guest is %v, was %v", answer, id)
	}
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/enter/", map[string]any{"participant_id": id, "allow_entry": true})
	one.Kill()
	two.Start()
	if answer := knock(guest, room); answer["status"] != "accepted" {
		t.Errorf("after the decision the guest is %v", answer)
	}
}

// TestTwoServersNeverDoOneThingTwice lets both do the same at once.
func TestTwoServersNeverDoOneThingTwice(t *testing.T) {
	one, two := replicas(t, redis.Start(t), nil)
	ada := browser(t, one)
	there := at(t, two, ada)
	for range 10 {
		slug, callback := "race-"+uuid.NewString()[:8], uuid.NewString()
		var made, told atomic.Int64
		var all sync.WaitGroup
		for _, c := range []*client.Client{ada, there, ada, there} {
			all.Go(func() {
				if status, _ := c.Do(http.MethodPost, "/rooms/", map[string]any{"name": slug, "callback_id": callback}); status == http.StatusCreated {
					made.Add(1)
				}
			})
		}
		all.Wait()
		for _, server := range []*process.Process{one, two, one, two} {
			all.Go(func() {
				_, answer := stranger(t, server).Do(http.MethodPost, "/rooms/creation-callback/", map[string]any{"callback_id": callback})
				if found, _ := answer["room"].(map[string]any); found["slug"] == slug {
					told.Add(1)
				}
			})
		}
		all.Wait()
		if made.Load() != 1 || told.Load() != 1 {
			t.Errorf("%d rooms of one name, %d told of it", made.Load(), told.Load())
		}
	}
}

// TestARoomKeepsAnOwner lets two owners step down at once, at two servers.
func TestARoomKeepsAnOwner(t *testing.T) {
	one, two := replicas(t, redis.Start(t), nil)
	ada, bob := browser(t, one), stranger(t, one)
	bob.SignIn("demo-bob")
	id, _ := bob.Must(http.StatusOK, http.MethodGet, "/users/me/", nil)["id"].(string)
	for range 10 {
		room, _ := ada.NewRoom()["id"].(string)
		ada.Must(http.StatusCreated, http.MethodPost, "/resource-accesses/", map[string]any{"user": id, "resource": room, "role": "owner"})
		accesses, _ := ada.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil)["accesses"].([]any)
		var demoted atomic.Int64
		var all sync.WaitGroup
		for _, entry := range accesses {
			access, _ := entry.(map[string]any)
			user, _ := access["user"].(map[string]any)
			c := ada
			if user["id"] == id {
				c = at(t, two, bob)
			}
			all.Go(func() {
				if status, _ := c.Do(http.MethodPatch, "/resource-accesses/"+access["id"].(string)+"/", map[string]any{"role": "member"}); status == http.StatusOK {
					demoted.Add(1)
				}
			})
		}
		all.Wait()
		if demoted.Load() != 1 {
			t.Errorf("%d of two owners were demoted", demoted.Load())
		}
	}
}
