package httpapi_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"meet/domain"
)

// almost is a body that lacks its end until somebody lets it go on.
type almost struct {
	*strings.Reader
	arrived func() // once all but the end was read
	goOn    <-chan struct{}
}

// Read implements io.Reader.
func (a almost) Read(into []byte) (int, error) {
	if a.Len() > 0 {
		return a.Reader.Read(into)
	}
	a.arrived()
	<-a.goOn
	return 0, io.EOF
}

// Close implements io.Closer.
func (a almost) Close() error { return nil }

// withhold sends almost all of so many bodies from each address, and returns
// once they have arrived or were refused. They go on when the test ends.
func (w *world) withhold(each int, peers ...string) {
	w.t.Helper()
	goOn := make(chan struct{})
	var arrived, all sync.WaitGroup
	for _, peer := range peers {
		for range each {
			arrived.Add(1)
			all.Go(func() {
				body := almost{strings.NewReader("logout_token=" + strings.Repeat("x", 16_000)), sync.OnceFunc(arrived.Done), goOn}
				defer body.arrived()
				request := httptest.NewRequestWithContext(w.t.Context(), http.MethodPost, "http://"+host+api+"/backchannel-logout/", body)
				request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				request.RemoteAddr = peer
				w.server.ServeHTTP(httptest.NewRecorder(), request)
			})
		}
	}
	arrived.Wait()
	w.t.Cleanup(func() {
		close(goOn)
		all.Wait()
	})
}

// usual is the status of a request from the address, with a body that is as
// long as those that are withheld.
func (w *world) usual(peer string) int {
	w.t.Helper()
	return roomsRaw{
		method: http.MethodPost, path: "/rooms/creation-callback/", body: `{"callback_id":"x"` + strings.Repeat(" ", 16_000) + "}",
		header: roomsType("application/json"), from: peer,
	}.send(w.stranger()).status
}

func peersOf(format string, many int) []string {
	var list []string
	for i := range many {
		list = append(list, fmt.Sprintf(format, i+1))
	}
	return list
}

// TestOnePersonTakesOneShareOfTheMemoryForBodies lets one subscriber send from
// many addresses at once.
func TestOnePersonTakesOneShareOfTheMemoryForBodies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		greedy, neighbour, other string // an address, another of its network, one elsewhere
	}{
		"a /64":   {"[2001:db8:1:200::%d]:1", "[2001:db8:1:201::1]:1", "[2001:db8:2::1]:1"},
		"a /48":   {"[2001:db8:1:%d00::1]:1", "", "[2001:db8:2::1]:1"},
		"a /24":   {"203.0.113.%d:1", "", "198.51.100.1:1"},
		"an IPv4": {"203.0.113.9:%d", "203.0.113.10:1", "198.51.100.1:1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.withhold(128, peersOf(c.greedy, 8)...)
			if c.neighbour != "" {
				if status := w.usual(c.neighbour); status != http.StatusOK {
					t.Errorf("a neighbour gets %d", status)
				}
			}
			if status := w.usual(c.other); status != http.StatusOK {
				t.Errorf("somebody elsewhere gets %d", status)
			}
		})
	}
}

// TestStrangersLeaveMemoryToThoseWhoAreKnown lets strangers everywhere take
// all they can get; signed-in people and LiveKit are served meanwhile, also
// those at the address of such a stranger.
func TestStrangersLeaveMemoryToThoseWhoAreKnown(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	boss := s.as(s.owner)
	s.withhold(128, append(peersOf("203.0.%d.1:1", 16), "192.0.2.1:1234")...)
	for i := 1; s.usual("198.51.100.1:1") != http.StatusServiceUnavailable; i++ { // those who were refused gave back what they had
		if i > 100 {
			t.Fatal("strangers have no bound")
		}
		s.withhold(1, fmt.Sprintf("203.1.%d.1:1", i))
	}
	boss.post("/rooms/", map[string]any{"name": "another"}).is(http.StatusCreated, "-")
	s.report("1", "room_started", "RM_1", s.room.ID.String(), "")
	forged := `{"event":"room_started","id":"2"}`
	if got := (roomsRaw{method: http.MethodPost, path: "/rooms/webhooks-livekit/", body: forged, header: roomsType("application/webhook+json")}).
		send(s.stranger()); got.status != http.StatusUnauthorized {
		t.Errorf("a forged webhook: %d %s", got.status, got.body)
	}
}
