package e2e

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"

	"meet/test/client"
)

// TestTheMediaServerTakesTheToken joins a real LiveKit server with the URL and
// the token of one call.
func TestTheMediaServerTakesTheToken(t *testing.T) {
	address, _ := startStandaloneWithEnv(t, nil)
	owner, guest := client.New(t, address), client.New(t, address)
	owner.SignIn("demo-alice")
	room := owner.NewRoom()
	slug, _ := room["slug"].(string)

	for _, c := range []struct {
		who            *client.Client
		name, identity string // "" for any
		role, signedIn string
	}{
		{owner, "Alice Martin", "demo-alice", "owner", "true"},
		{guest, "Zoé", "", "", "false"},
	} {
		query := "?username=Zo%C3%A9"
		if c.identity != "" {
			query = ""
		}
		seen := c.who.Must(http.StatusOK, http.MethodGet, "/rooms/"+slug+"/"+query, nil)
		media, _ := seen["livekit"].(map[string]any)
		joined, err := lksdk.ConnectToRoomWithToken(media["url"].(string), media["token"].(string), &lksdk.RoomCallback{})
		if err != nil {
			t.Fatalf("join as %s: %v", c.name, err)
		}
		t.Cleanup(joined.Disconnect)
		me := joined.LocalParticipant
		if joined.Name() != room["id"] || me.Name() != c.name || (c.identity != "" && me.Identity() != c.identity) {
			t.Errorf("joined %s as %s (%s)", joined.Name(), me.Name(), me.Identity())
		}
		if got := me.Attributes(); got["room_role"] != c.role || got["is_authenticated"] != c.signedIn {
			t.Errorf("attributes of %s: %v", c.name, got)
		}
	}
}

// TestParticipantsLearnOfChangesThroughTheRoomsMetadata changes a room while
// LiveKit runs it.
func TestParticipantsLearnOfChangesThroughTheRoomsMetadata(t *testing.T) {
	address, env := startStandaloneWithEnv(t, nil)
	owner := client.New(t, address)
	owner.SignIn("demo-alice")
	room := owner.NewRoom()
	id, _ := room["id"].(string)
	change := map[string]any{"configuration": map[string]any{"everyone_can_mute": false}, "access_level": "trusted"}
	owner.Must(http.StatusOK, http.MethodPatch, "/rooms/"+id+"/", change) // nobody is there yet

	service := lksdk.NewRoomServiceClient(env["LIVEKIT_API_URL"], env["LIVEKIT_API_KEY"], env["LIVEKIT_API_SECRET"])
	if _, err := service.CreateRoom(t.Context(), &livekit.CreateRoomRequest{Name: id, Metadata: `{"recording":"on"}`}); err != nil {
		t.Fatal(err)
	}
	owner.Must(http.StatusOK, http.MethodPatch, "/rooms/"+id+"/", map[string]any{"access_level": "restricted"})
	rooms, err := service.ListRooms(t.Context(), &livekit.ListRoomsRequest{Names: []string{id}})
	if err != nil || len(rooms.Rooms) != 1 {
		t.Fatalf("%v, error %v", rooms, err)
	}
	var metadata map[string]any
	if err := json.Unmarshal([]byte(rooms.Rooms[0].Metadata), &metadata); err != nil {
		t.Fatal(err)
	}
	configuration, _ := metadata["configuration"].(map[string]any)
	if metadata["access_level"] != "restricted" || metadata["recording"] != "on" || configuration["everyone_can_mute"] != false {
		t.Errorf("metadata %v", metadata)
	}
}
