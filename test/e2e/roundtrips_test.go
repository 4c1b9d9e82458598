package e2e

import (
	"net/http"
	"testing"

	"meet/test/postgres"

	"meet/test/client"
)

// TestRoundTrips counts how often a request waits for PostgreSQL.
func TestRoundTrips(t *testing.T) {
	relay := postgres.NewRelay(t, postgres.URL(t))
	env, options := withoutMedia(t, relay.URL)
	env["CONNECTION_TEST_ENABLED"], env["RECONCILE_SECONDS"], env["LOBBY_WAITING_TIMEOUT"] = "true", "3600", "600"
	address, _ := startApp(t, env, options...)
	ada, stranger := client.New(t, "http://"+address), client.New(t, "http://"+address)
	ada.SignIn("demo-alice")
	slug, _ := ada.NewRoom()["slug"].(string)

	closed, _ := ada.NewRoom()["slug"].(string)
	ada.Must(http.StatusOK, http.MethodPatch, "/rooms/"+closed+"/", map[string]any{"access_level": "restricted"})
	guest := client.New(t, "http://"+address)
	id := knock(guest, closed)["id"]

	for _, c := range []struct {
		name   string
		who    *client.Client
		method string
		path   string
		body   any
		most   int
	}{
		{"a stranger's room", stranger, http.MethodGet, "/rooms/" + slug + "/", nil, 1},
		{"an owner's room", ada, http.MethodGet, "/rooms/" + slug + "/", nil, 1},
		{"a temporary room", stranger, http.MethodGet, "/rooms/nobody-registered-it/", nil, 1},
		{"me", ada, http.MethodGet, "/users/me/", nil, 1},
		{"the configuration", stranger, http.MethodGet, "/config/", nil, 0},
		{"a sign-in that begins", stranger, http.MethodGet, "/authenticate/", nil, 0},
		{"a sign-in that nobody began", stranger, http.MethodGet, "/callback/?code=x&state=made-up", nil, 0},
		{"a stranger who is nobody", stranger, http.MethodGet, "/users/me/", nil, 0},
		{"my rooms", ada, http.MethodGet, "/rooms/", nil, 3},
		{"accesses", ada, http.MethodGet, "/resource-accesses/", nil, 3},
		{"a guest who waits", guest, http.MethodPost, "/rooms/" + closed + "/request-entry/", map[string]any{"username": "x"}, 1},
		{"the list of who waits", ada, http.MethodGet, "/rooms/" + closed + "/waiting-participants/", nil, 1},
		{"a decision", ada, http.MethodPost, "/rooms/" + closed + "/enter/", map[string]any{"participant_id": id, "allow_entry": true}, 2},
		{"a connection test", stranger, http.MethodPost, "/diagnostics/connection/", nil, 0},
		{"a creation callback", stranger, http.MethodPost, "/rooms/creation-callback/", map[string]any{"callback_id": "x"}, 1},
		{"a changed name", ada, http.MethodPatch, "/rooms/" + slug + "/", map[string]any{"name": slug}, 9},
	} {
		c.who.Do(c.method, c.path, c.body) // statements are prepared by the first
		fewest := 1000
		for range 5 { // work in the background makes trips of its own
			relay.Trips()
			if status, answer := c.who.Do(c.method, c.path, c.body); status >= 500 {
				t.Errorf("%s: status %d %v", c.name, status, answer)
			}
			fewest = min(fewest, relay.Trips())
		}
		if fewest > c.most {
			t.Errorf("%s: %d round trips, at most %d are allowed", c.name, fewest, c.most)
		}
	}
	fewest := 1000
	for range 5 {
		relay.Trips()
		ada.NewRoom()
		fewest = min(fewest, relay.Trips())
	}
	if fewest > 7 { // session, BEGIN, four INSERTs, COMMIT
		t.Errorf("a new room: %d round trips, at most 7 are allowed", fewest)
	}
}
