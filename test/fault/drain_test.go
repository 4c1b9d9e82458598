package fault

import (
	"net/http"
	"testing"

	"meet/test/postgres"
)

// TestAServerThatStopsSaysSoFirst watches one between the signal and the end.
func TestAServerThatStopsSaysSoFirst(t *testing.T) {
	server := servers(t, 1, postgres.URL(t), map[string]string{"SHUTDOWN_DELAY": "3"})[0]
	ada := browser(t, server)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		server.Stop()
	}()
	heartbeat := "http://" + server.Address + "/__heartbeat__"
	until(t, "the heartbeat tells", func() bool { return ask(t, ada.HTTP, heartbeat, longest).status == http.StatusServiceUnavailable })
	response, err := ada.HTTP.Get("http://" + server.Address + "/api/v1.0/users/me/")
	if err != nil || response.StatusCode != http.StatusOK || !response.Close {
		t.Fatalf("while it stops: %+v, %v", response, err)
	}
	_ = response.Body.Close()
	<-stopped
	if got := ask(t, ada.HTTP, heartbeat, longest); got.err == nil {
		t.Errorf("after it has stopped: %+v", got)
	}
}
