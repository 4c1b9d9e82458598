package livekit_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/twitchtv/twirp"

	"meet/adapters/livekit"
	"meet/test/fake"
)

// TestCallsAreCountedByHowTheyEnd asks media servers that fail in every way.
func TestCallsAreCountedByHowTheyEnd(t *testing.T) {
	t.Parallel()
	for outcome, answer := range map[string]http.HandlerFunc{
		"absent":  failing(twirp.NotFoundError("no such participant")),
		"refused": failing(twirp.NewError(twirp.PermissionDenied, "no")),
		"down":    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
	} {
		server := httptest.NewServer(answer)
		meter := fake.NewMeter()
		people := livekit.NewParticipants(livekit.NewAPI(livekit.Config{URL: server.URL, Key: "key", Secret: "secret"}, meter))
		if _, err := people.Find(t.Context(), "room", "somebody"); err == nil || meter.Calls("GetParticipant "+outcome) != 1 {
			t.Errorf("%s: error %v, counted %d times", outcome, err, meter.Calls("GetParticipant "+outcome))
		}
		server.Close()
		if _, err := people.Find(t.Context(), "room", "somebody"); err == nil || meter.Calls("GetParticipant down") == 0 {
			t.Errorf("without a server: error %v, not counted as down", err)
		}
	}
}

func failing(with twirp.Error) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _ = twirp.WriteError(w, with) }
}
