package redisstore_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/adapters/redisstore"
	"meet/test/redis"
)

// TestAGuestWhomAnotherVersionLetInIsAdmitted while servers are upgraded one
// after the other: all that every version writes is the entry and its place
// in the list of all.
func TestAGuestWhomAnotherVersionLetInIsAdmitted(t *testing.T) {
	t.Parallel()
	client, err := redisstore.Open(redis.Start(t).URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	room := uuid.New()
	base := "room_lobby:{" + room.String() + "}:"
	for id, status := range map[string]string{"a": "accepted", "b": "denied", "c": "waiting"} {
		if err := client.HSet(t.Context(), base+"entry:"+id, "id", id, "username", "Guest", "color", "", "status", status, "identity", "sub-"+id).Err(); err != nil {
			t.Fatal(err)
		}
		if err := client.Do(t.Context(), "ZADD", base+"all", time.Now().Add(time.Hour).UnixMilli(), id).Err(); err != nil {
			t.Fatal(err)
		}
	}
	lobby := redisstore.NewLobby(client, "room_lobby")
	for identity, want := range map[string]bool{"sub-a": true, "sub-b": false, "sub-c": false, "a": false, "": false} {
		if got, err := lobby.Admitted(t.Context(), room, identity); got != want || err != nil {
			t.Errorf("%s: admitted %v, error %v", identity, got, err)
		}
	}
}
