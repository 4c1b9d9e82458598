package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"meet/adapters/httpapi"
	"meet/domain"
)

// TestOneClientUsesUpNobodyElsesLimit lets one client call far more often than
// it may; its neighbours in all its larger networks are answered.
func TestOneClientUsesUpNobodyElsesLimit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ greedy, neighbour string }{
		"another address of the /24": {"[::ffff:203.0.113.9]:1", "203.0.113.10:1"},
		"another /64 of the /56":     {"[2001:db8:1:200::1]:1", "[2001:db8:1:201::1]:1"},
		"another /56 of the /48":     {"[2001:db8:1:200::1]:1", "[2001:db8:1:300::1]:1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(s *setup) {
				s.http.Rates.CreationCallback = httpapi.Rate{Limit: 5, Period: time.Hour}
				s.http.Rates.RequestEntry = httpapi.Rate{Limit: 5, Period: time.Hour}
				s.http.Rates.ConnectionTest = httpapi.Rate{Limit: 5, Period: time.Hour}
				s.http.ConnectionTest = true
			})
			w.room("open", w.user("ada"))
			for path, body := range map[string]map[string]any{
				"/rooms/creation-callback/":   {"callback_id": "x"},
				"/rooms/open/request-entry/":  {"username": "Ann"},
				"/diagnostics/connection/":    {},
				"/rooms/creation-callback/?a": {"callback_id": "x"}, // the limit is one
			} {
				greedy := w.stranger()
				greedy.header["Peer"] = c.greedy
				refused := 0
				for range 100 {
					clear(greedy.cookies)
					if greedy.post(path, body).status == http.StatusTooManyRequests {
						refused++
					}
				}
				if refused < 95 {
					t.Errorf("%s: of 100 calls %d were refused", path, refused)
				}
			}
			for _, path := range []string{"/rooms/creation-callback/", "/rooms/open/request-entry/", "/diagnostics/connection/"} {
				neighbour := w.stranger()
				neighbour.header["Peer"] = c.neighbour
				neighbour.post(path, map[string]any{"callback_id": "x", "username": "Ann"}).is(http.StatusOK, "-")
			}
		})
	}
}

// TestABrowserThatPollsTooOftenLeavesTheCrowdItsLimit lets one guest poll far
// too often; another behind the same address is answered.
func TestABrowserThatPollsTooOftenLeavesTheCrowdItsLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.http.Rates.RequestEntry = httpapi.Rate{Limit: 2, Period: time.Hour} })
	w.room("quiet", w.user("ada"), func(r *domain.Room) { r.AccessLevel = domain.Restricted })
	knock := func(b *browser) answer {
		return b.post("/rooms/quiet/request-entry/", map[string]any{"username": "Ann"})
	}
	one, other := w.stranger(), w.stranger()
	knock(other).is(http.StatusOK, "-")
	for range 200 { // the crowd has 100
		knock(one)
	}
	knock(other).is(http.StatusOK, "-")
}
