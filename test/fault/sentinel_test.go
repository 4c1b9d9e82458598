package fault

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"meet/test/client"
	"meet/test/postgres"
	"meet/test/process"
	"meet/test/redis"
)

// failover is how long the lobby may be away when Sentinel promotes a replica,
// besides what Sentinel waits for. docs/reliability.md says so.
const failover = 8 * time.Second

// TestTheLobbyOutlivesAFailoverOfRedis kills the primary while guests knock at
// two servers.
func TestTheLobbyOutlivesAFailoverOfRedis(t *testing.T) {
	set := redis.StartSet(t)
	list := servers(t, 2, postgres.URL(t), map[string]string{"REDIS_URL": set.URL})
	owner, room := lobby(t, list[0])
	var all sync.WaitGroup
	var knocks, refused, last atomic.Int64
	done := make(chan struct{})
	for i := range 8 {
		guest := stranger(t, list[i%2])
		knock(guest, room)
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				switch status, body := guest.Do(http.MethodPost, "/rooms/"+room+"/request-entry/", map[string]any{"username": "Zoé"}); status {
				case http.StatusOK:
					knocks.Add(1)
				case http.StatusServiceUnavailable:
					refused.Add(1)
					last.Store(time.Now().UnixNano())
				default:
					t.Errorf("a knock gets %d, %v", status, body)
				}
			}
		})
	}
	until(t, "guests knock", func() bool { return knocks.Load() > 100 })
	killed := time.Now()
	set.Primary.Stop()
	until(t, "somebody notices", func() bool { return refused.Load() > 0 })
	until(t, "the lobby is back", func() bool {
		before := knocks.Load()
		quiet := time.Since(time.Unix(0, last.Load())) > time.Second
		return quiet && before > 100
	})
	away := time.Unix(0, last.Load()).Sub(killed)
	close(done)
	all.Wait()
	t.Logf("%d knocks, %d of them refused, back after %v", knocks.Load()+refused.Load(), refused.Load(), away)
	if away > redis.DownAfter+failover {
		t.Errorf("the lobby was away for %v", away)
	}
	decided(t, list, owner, room)
}

// decided lets a moderator at one server let a guest in who waits at the
// other.
func decided(t *testing.T, list []*process.Process, owner *client.Client, room string) {
	t.Helper()
	guest := stranger(t, list[1])
	id := knock(guest, room)["id"]
	held := at(t, list[1], guest)
	held.Header = http.Header{"Prefer": {"wait=20"}}
	answers, begun := make(chan map[string]any, 1), time.Now()
	go func() { answers <- knock(held, room) }()
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/enter/", map[string]any{"participant_id": id, "allow_entry": true})
	if answer := <-answers; answer["status"] != "accepted" || time.Since(begun) > 15*time.Second {
		t.Errorf("after %v: %v", time.Since(begun), answer)
	}
}

// TestTwoServersShareTheLobbyInACluster of three servers of Redis.
func TestTwoServersShareTheLobbyInACluster(t *testing.T) {
	url, _ := redis.StartCluster(t)
	list := servers(t, 2, postgres.URL(t), map[string]string{"REDIS_URL": url})
	for range 4 { // rooms lie on different servers
		owner, room := lobby(t, list[0])
		decided(t, list, owner, room)
	}
}
