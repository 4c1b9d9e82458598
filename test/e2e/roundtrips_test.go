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
	address, _ := startApp(t, env, options...)
	ada, stranger := client.New(t, "http://"+address), client.New(t, "http://"+address)
	ada.SignIn("demo-alice")
	slug, _ := ada.NewRoom()["slug"].(string)

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
		{"a stranger who is nobody", stranger, http.MethodGet, "/users/me/", nil, 0},
		{"my rooms", ada, http.MethodGet, "/rooms/", nil, 3},
		{"accesses", ada, http.MethodGet, "/resource-accesses/", nil, 3},
		{"a creation callback", stranger, http.MethodPost, "/rooms/creation-callback/", map[string]any{"callback_id": "x"}, 1},
		{"a changed name", ada, http.MethodPatch, "/rooms/" + slug + "/", map[string]any{"name": slug}, 8},
	} {
		c.who.Do(c.method, c.path, c.body) // statements are prepared by the first
		relay.Trips()
		status, answer := c.who.Do(c.method, c.path, c.body)
		if trips := relay.Trips(); trips > c.most || status >= 500 {
			t.Errorf("%s: %d round trips, at most %d are allowed (status %d %v)", c.name, trips, c.most, status, answer)
		}
	}
	ada.NewRoom()
	relay.Trips()
	ada.NewRoom()
	if trips := relay.Trips(); trips > 6 { // session, BEGIN, three INSERTs, COMMIT
		t.Errorf("a new room: %d round trips, at most 6 are allowed", trips)
	}
}
