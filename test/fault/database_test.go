package fault

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"meet/test/client"
	"meet/test/postgres"
	"meet/test/relay"
)

// longest is for how long a request may last, whatever is broken.
const longest = 18 * time.Second

func TestADatabaseThatCrashesAndComesBackIsFoundAgain(t *testing.T) {
	cluster := postgres.NewCluster(t)
	server := servers(t, 1, cluster.URL, nil)[0]
	ada := browser(t, server)
	room, _ := ada.NewRoom()["slug"].(string)
	for range 3 {
		cluster.Crash()
		for _, path := range []string{"/api/v1.0/users/me/", "/api/v1.0/rooms/" + room + "/"} {
			if got := ask(t, ada.HTTP, "http://"+server.Address+path, longest); got.status != http.StatusServiceUnavailable || got.kind != "application/json" {
				t.Errorf("without a database: %s: %+v", path, got)
			}
		}
		if got := ask(t, ada.HTTP, "http://"+server.Address+"/__heartbeat__", longest); got.status != http.StatusInternalServerError {
			t.Errorf("the heartbeat without a database: %+v", got)
		}
		if got := ask(t, ada.HTTP, "http://"+server.Address+"/__lbheartbeat__", longest); got.status != http.StatusOK {
			t.Errorf("the process without a database: %+v", got)
		}
		cluster.Start()
		ada.Must(http.StatusOK, http.MethodGet, "/users/me/", nil) // the session is still there, at the first request
		ada.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil)
		ada.NewRoom()
	}
}

// TestADatabaseThatDoesNotAnswerHoldsNobodyForEver is a failover during which
// packets vanish.
func TestADatabaseThatDoesNotAnswerHoldsNobodyForEver(t *testing.T) {
	network := relay.New(t, postgresAddress(t))
	server := servers(t, 1, through(t, postgres.URL(t), network.Address), nil)[0]
	ada, room := lobby(t, server)
	network.Pause()
	var all sync.WaitGroup
	for range 30 { // more than there are connections
		all.Go(func() {
			got := ask(t, ada.HTTP, "http://"+server.Address+"/api/v1.0/users/me/", longest)
			if got.err != nil || got.status != http.StatusServiceUnavailable && got.status != http.StatusGatewayTimeout || got.kind != "application/json" {
				t.Errorf("while the database does not answer: %+v", got)
			}
		})
	}
	for range 200 { // many more than are served aside at a time
		all.Go(func() {
			status, took, err := hold(t, server.Address, room)
			if err != nil || status != http.StatusServiceUnavailable && status != http.StatusGatewayTimeout || took > longest+12*time.Second {
				t.Errorf("a knock while the database does not answer: %d after %v, %v", status, took, err)
			}
		})
	}
	all.Wait()
	network.Resume()
	until(t, "requests are answered again", func() bool {
		return ask(t, ada.HTTP, "http://"+server.Address+"/api/v1.0/users/me/", longest).status == http.StatusOK
	})
	ada.NewRoom()
}

func TestAShortFailoverIsOnlyADelay(t *testing.T) {
	network := relay.New(t, postgresAddress(t))
	server := servers(t, 1, through(t, postgres.URL(t), network.Address), nil)[0]
	ada := browser(t, server)
	network.Pause()
	over := time.AfterFunc(2*time.Second, network.Resume)
	defer over.Stop()
	if got := ask(t, ada.HTTP, "http://"+server.Address+"/api/v1.0/users/me/", longest); got.status != http.StatusOK || got.took < time.Second {
		t.Errorf("over a pause of 2 s: %+v", got)
	}
}

func TestASlowNetworkIsOnlySlow(t *testing.T) {
	network := relay.New(t, postgresAddress(t))
	server := servers(t, 1, through(t, postgres.URL(t), network.Address), nil)[0]
	ada := browser(t, server)
	network.Delay(50 * time.Millisecond)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			room, _ := ada.NewRoom()["id"].(string)
			ada.Must(http.StatusOK, http.MethodPatch, "/rooms/"+room+"/", map[string]any{"access_level": "restricted"})
			if seen := ada.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil); seen["access_level"] != "restricted" {
				t.Errorf("saved %v", seen)
			}
		})
	}
	all.Wait()
}

// TestAFullPoolMakesRequestsWait lets many people share very few connections.
func TestAFullPoolMakesRequestsWait(t *testing.T) {
	for _, connections := range []string{"1", "2"} {
		server := servers(t, 1, postgres.URL(t), map[string]string{"DB_MAX_CONNECTIONS": connections})[0]
		ada := browser(t, server)
		var made atomic.Int64
		var all sync.WaitGroup
		for range 64 {
			all.Go(func() {
				room, _ := ada.NewRoom()["id"].(string)
				ada.Must(http.StatusOK, http.MethodPatch, "/rooms/"+room+"/", map[string]any{"access_level": "trusted"})
				ada.Must(http.StatusNoContent, http.MethodDelete, "/rooms/"+room+"/", nil)
				made.Add(1)
			})
		}
		all.Wait()
		if made.Load() != 64 {
			t.Errorf("with %s connections: %d of 64", connections, made.Load())
		}
	}
}

// TestADatabaseWithoutFreeConnectionsRefusesSomeRequests is several servers
// that together want more connections than there are.
func TestADatabaseWithoutFreeConnectionsRefusesSomeRequests(t *testing.T) {
	cluster := postgres.NewCluster(t, "max_connections = 8", "superuser_reserved_connections = 0")
	server := servers(t, 1, cluster.URL, map[string]string{"DB_MAX_CONNECTIONS": "20"})[0]
	ada := browser(t, server)
	var fine, refused atomic.Int64
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for range 5 {
				switch got := ask(t, ada.HTTP, "http://"+server.Address+"/api/v1.0/rooms/", longest); {
				case got.status == http.StatusOK:
					fine.Add(1)
				case got.status == http.StatusServiceUnavailable && got.kind == "application/json":
					refused.Add(1)
				default:
					t.Errorf("got %+v", got)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d answered, %d refused", fine.Load(), refused.Load())
	if fine.Load() == 0 {
		t.Error("nobody was answered")
	}
	client.New(t, "http://"+server.Address).Must(http.StatusOK, http.MethodGet, "/config/", nil)
	ada.Must(http.StatusOK, http.MethodGet, "/users/me/", nil)
}

// hold knocks at the room as somebody who waits for the decision.
func hold(t testing.TB, address, room string) (status int, took time.Duration, err error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/api/v1.0/rooms/"+room+"/request-entry/",
		strings.NewReader(`{"username":"x"}`))
	if err != nil {
		return 0, 0, err
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "Prefer": {"wait=20"}}
	begun := time.Now()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, time.Since(begun), err
	}
	defer response.Body.Close()
	return response.StatusCode, time.Since(begun), nil
}
