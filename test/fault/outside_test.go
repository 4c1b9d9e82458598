package fault

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"testing"

	"meet/test/client"
	media "meet/test/livekit"
	"meet/test/postgres"
	"meet/test/process"
)

// TestWithoutTheMediaServerOnlyMeetingsSuffer stops LiveKit and starts it again.
func TestWithoutTheMediaServerOnlyMeetingsSuffer(t *testing.T) {
	address := process.Free(t)
	live := media.Start(t, "http://"+address+"/api/v1.0/rooms/webhooks-livekit/", "")
	env := process.Environment(t, postgres.URL(t), address)
	maps.Copy(env, live.Env())
	env["LISTEN_ADDR"], env["RECONCILE_SECONDS"] = address, "1"
	server := process.New(t, env)
	server.Start()
	ada := browser(t, server)
	room, _ := ada.NewRoom()["id"].(string)
	path := "/rooms/" + room + "/"

	live.Stop()
	ada.Must(http.StatusOK, http.MethodPatch, path, map[string]any{"access_level": "restricted"})
	if seen := ada.Must(http.StatusOK, http.MethodGet, path, nil); seen["access_level"] != "restricted" || seen["livekit"] == nil {
		t.Errorf("without LiveKit the room is %v", seen)
	}
	for _, action := range []string{"mute-all/", "end/"} {
		if got := ada.Must(http.StatusBadGateway, http.MethodPost, path+action, nil); got["detail"] == nil {
			t.Errorf("%s: %v", action, got)
		}
	}
	until(t, "the log tells", func() bool { return strings.Contains(server.Log(), "the media server was not compared") })

	live.Start()
	ada.Must(http.StatusOK, http.MethodPost, path+"mute-all/", nil)
}

// TestWithoutTheProviderOnlySigningInSuffers stops the identity provider and
// starts it again with the same keys.
func TestWithoutTheProviderOnlySigningInSuffers(t *testing.T) {
	address := process.Free(t)
	env := process.Environment(t, postgres.URL(t), address)
	keys, listen := process.NewKey(t), process.Free(t)
	identity := process.Provider(t, keys, listen, address)
	env["OIDC_OP_URL"], env["LISTEN_ADDR"], env["LOGIN_REDIRECT_URL_FAILURE"] = identity.Issuer(), address, "/failed"
	server := process.New(t, env)
	server.Start()
	ada := browser(t, server)

	if err := identity.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	ada.Must(http.StatusOK, http.MethodGet, "/users/me/", nil)
	ada.NewRoom()
	stranger := client.New(t, "http://"+address)
	stranger.HTTP.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	// a browser is still sent to the provider, whose addresses are known; who comes back is not signed in
	response, err := stranger.HTTP.Get("http://" + address + "/api/v1.0/authenticate/")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	target, err := response.Location()
	if err != nil || response.StatusCode != http.StatusFound {
		t.Fatalf("got %d, %v", response.StatusCode, err)
	}
	back, err := stranger.HTTP.Get("http://" + address + "/api/v1.0/callback/?code=x&state=" + target.Query().Get("state"))
	if err != nil {
		t.Fatal(err)
	}
	_ = back.Body.Close()
	if back.StatusCode != http.StatusBadGateway && back.StatusCode != http.StatusFound {
		t.Errorf("without the provider a code gets %d", back.StatusCode)
	}
	stranger.Must(http.StatusUnauthorized, http.MethodGet, "/users/me/", nil)
	server.Kill()
	server.Start() // without the provider, too
	ada.Must(http.StatusOK, http.MethodGet, "/users/me/", nil)

	process.Provider(t, keys, listen, address)
	until(t, "people can sign in again", func() bool {
		response, err := http.Get("http://" + address + "/api/v1.0/authenticate/")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusOK // the provider's page
	})
	browser(t, server)
}
