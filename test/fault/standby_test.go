package fault

import (
	"net/http"
	"testing"

	"meet/test/postgres"
	"meet/test/relay"
)

// TestAnAddressThatLeadsToAStandbyForAWhile lets the only address move: reading
// works meanwhile, and the first change after it has moved back works too.
func TestAnAddressThatLeadsToAStandbyForAWhile(t *testing.T) {
	primary := postgres.NewCluster(t)
	standby := primary.Standby(t)
	network := relay.New(t, primary.Address)
	address := "postgres://postgres@" + network.Address + "/postgres?sslmode=disable"
	server := servers(t, 1, address, nil)[0]
	ada := browser(t, server)
	room, _ := ada.NewRoom()["slug"].(string)
	network.Lead(standby.Address)
	network.Drop()
	until(t, "the standby has followed", func() bool {
		return ask(t, ada.HTTP, "http://"+server.Address+"/api/v1.0/rooms/"+room+"/", longest).status == http.StatusOK
	})
	for range 30 { // more than there are connections
		ada.Must(http.StatusServiceUnavailable, http.MethodPost, "/rooms/", map[string]any{"name": "refused"})
	}
	ada.Must(http.StatusOK, http.MethodGet, "/users/me/", nil)
	if got := ask(t, ada.HTTP, "http://"+server.Address+"/__heartbeat__", longest); got.status != http.StatusOK {
		t.Errorf("the heartbeat: %+v", got)
	}
	second := servers(t, 1, address, map[string]string{"MIGRATE_ON_START": "false"})[0]
	at(t, second, ada).Must(http.StatusOK, http.MethodGet, "/users/me/", nil)
	network.Lead(primary.Address)
	ada.NewRoom()
}
