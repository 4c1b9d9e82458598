package contract

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Lobby is one implementation of the lobby.
type Lobby interface {
	ports.Lobby
	ports.LobbyNews
}

// RunLobby checks every promise on lobbies that open makes, each empty. It
// runs on the real clock.
func RunLobby(t *testing.T, open func(t *testing.T) Lobby) {
	t.Helper()
	for name, promise := range map[string]func(*testing.T, Lobby){
		"an entry comes back as it was added, once":       lobbyAdd,
		"who waits is kept by polling, and expires":       lobbyExpires,
		"who waits is listed in order of arrival":         lobbyWaiting,
		"a decision holds and is not shortened by a poll": lobbyDecide,
		"a decision can be reversed":                      lobbyReverse,
		"who was let in is known by identity":             lobbyAdmitted,
		"one person is let in by any of their entries":    lobbyAdmittedTwice,
		"an entry that expires takes no other with it":    lobbyAdmittedAndExpired,
		"entries are forgotten by id and by identity":     lobbyForget,
		"a room is cleared and no other":                  lobbyClear,
		"changes are told":                                lobbyNews,
		"of concurrent knocks one is added":               lobbyRace,
		"only so many can wait":                           lobbyBounded,
		"a network takes no more than its places":         lobbyShares,
		"who comes back soon has the same place in line":  lobbyPlaces,
		"texts survive in any script":                     lobbyTexts,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			promise(t, open(t))
		})
	}
}

const long = time.Minute

func aGuest(id string) domain.LobbyEntry {
	return domain.LobbyEntry{ID: id, Username: "Zoé", Color: "hsl(1, 50%, 30%)", Status: domain.Waiting, Identity: "sub-" + id}
}

func knock(t *testing.T, l Lobby, room uuid.UUID, id string, stay time.Duration) {
	t.Helper()
	if _, added, err := l.Add(t.Context(), room, aGuest(id), nil, stay); err != nil || !added {
		t.Fatalf("added %v, error %v", added, err)
	}
}

// state is the entry's status, "" for none.
func state(t *testing.T, l Lobby, room uuid.UUID, id string) domain.LobbyStatus {
	t.Helper()
	entry, found, err := l.Poll(t.Context(), room, id, 0)
	must(t, err)
	if found != (entry.Status != "") {
		t.Errorf("found %v, entry %+v", found, entry)
	}
	return entry.Status
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(10 * time.Second)
	for !is() {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatal("never: " + what)
		}
	}
}

func lobbyAdd(t *testing.T, l Lobby) {
	room := uuid.New()
	if status := state(t, l, room, "a"); status != "" {
		t.Errorf("before: %s", status)
	}
	knock(t, l, room, "a", long)
	again := aGuest("a")
	again.Username = "other"
	kept, added, err := l.Add(t.Context(), room, again, nil, long)
	if diff := cmp.Diff(aGuest("a"), kept); diff != "" || added || err != nil {
		t.Errorf("added %v, error %v\n%s", added, err, diff)
	}
	found, there, err := l.Poll(t.Context(), room, "a", long)
	if diff := cmp.Diff(aGuest("a"), found); diff != "" || !there || err != nil {
		t.Errorf("there %v, error %v\n%s", there, err, diff)
	}
	if status := state(t, l, uuid.New(), "a"); status != "" {
		t.Errorf("in another room: %s", status)
	}
}

func lobbyExpires(t *testing.T, l Lobby) {
	room := uuid.New()
	knock(t, l, room, "short", 30*time.Millisecond)
	knock(t, l, room, "kept", 30*time.Millisecond)
	_, _, err := l.Poll(t.Context(), room, "kept", long)
	must(t, err)
	eventually(t, "expired", func() bool { return state(t, l, room, "short") == "" })
	list, err := l.Waiting(t.Context(), room)
	if must(t, err); len(list) != 1 || list[0].ID != "kept" {
		t.Errorf("waiting %v", list)
	}
	knock(t, l, room, "short", long)
}

func ids(t *testing.T, l Lobby, room uuid.UUID) []string {
	t.Helper()
	list, err := l.Waiting(t.Context(), room)
	must(t, err)
	names := []string{}
	for _, entry := range list {
		names = append(names, entry.ID)
	}
	return names
}

func lobbyWaiting(t *testing.T, l Lobby) {
	room := uuid.New()
	for _, id := range []string{"c", "a", "b", "d"} {
		knock(t, l, room, id, long)
	}
	if waited := decide(t, l, room, "a", domain.Accepted, long); waited <= 0 || waited > time.Minute {
		t.Errorf("a waited for %v", waited)
	}
	if waited := decide(t, l, room, "a", domain.Accepted, long); waited != 0 { // not again
		t.Errorf("a waited again, for %v", waited)
	}
	decide(t, l, room, "d", domain.Denied, long)
	if diff := cmp.Diff([]string{"c", "b"}, ids(t, l, room)); diff != "" {
		t.Error(diff)
	}
	if list := ids(t, l, uuid.New()); len(list) != 0 {
		t.Errorf("another room: %v", list)
	}
}

func lobbyDecide(t *testing.T, l Lobby) {
	room := uuid.New()
	knock(t, l, room, "a", long)
	decide(t, l, room, "a", domain.Accepted, long)
	entry, _, err := l.Poll(t.Context(), room, "a", 20*time.Millisecond) // a poll that raced the decision
	if must(t, err); entry.Status != domain.Accepted {
		t.Errorf("status %s", entry.Status)
	}
	knock(t, l, room, "later", 40*time.Millisecond)
	eventually(t, "later expired", func() bool { return state(t, l, room, "later") == "" })
	if status := state(t, l, room, "a"); status != domain.Accepted {
		t.Errorf("after a poll: %q", status)
	}
	if _, err := l.Decide(t.Context(), room, "nobody", domain.Accepted, long); !errors.Is(err, domain.ErrLobbyEntryNotFound) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := l.Decide(t.Context(), room, "later", domain.Accepted, long); !errors.Is(err, domain.ErrLobbyEntryNotFound) {
		t.Errorf("expired: %v", err)
	}
}

func lobbyReverse(t *testing.T, l Lobby) {
	room := uuid.New()
	knock(t, l, room, "a", long)
	decide(t, l, room, "a", domain.Accepted, long)
	decide(t, l, room, "a", domain.Denied, 20*time.Millisecond)
	eventually(t, "the refusal is over", func() bool { return state(t, l, room, "a") == "" })
	knock(t, l, room, "a", long)
}

func lobbyForget(t *testing.T, l Lobby) {
	room := uuid.New()
	for _, id := range []string{"a", "b", "c"} {
		knock(t, l, room, id, long)
		decide(t, l, room, id, domain.Accepted, long)
	}
	knock(t, l, room, "d", long)
	must(t, l.Forget(t.Context(), room, "a"))
	must(t, l.Forget(t.Context(), room, "sub-b"))
	must(t, l.Forget(t.Context(), room, "sub-d"))
	must(t, l.Forget(t.Context(), room, "nobody"))
	for id, want := range map[string]domain.LobbyStatus{"a": "", "b": "", "c": domain.Accepted, "d": ""} {
		if status := state(t, l, room, id); status != want {
			t.Errorf("%s: %q", id, status)
		}
	}
}

func lobbyClear(t *testing.T, l Lobby) {
	room, other := uuid.New(), uuid.New()
	for _, id := range []string{"a", "b"} {
		knock(t, l, room, id, long)
		knock(t, l, other, id, long)
	}
	decide(t, l, room, "a", domain.Denied, long)
	must(t, l.Clear(t.Context(), room))
	must(t, l.Clear(t.Context(), room))
	if a, b, c := state(t, l, room, "a"), state(t, l, room, "b"), state(t, l, other, "a"); a != "" || b != "" || c != domain.Waiting {
		t.Errorf("%q %q %q", a, b, c)
	}
	knock(t, l, room, "b", long)
	if list := ids(t, l, room); !slices.Equal(list, []string{"b"}) {
		t.Errorf("waiting %v", list)
	}
}

func decide(t *testing.T, l ports.Lobby, room uuid.UUID, id string, status domain.LobbyStatus, stay time.Duration) time.Duration {
	t.Helper()
	waited, err := l.Decide(t.Context(), room, id, status, stay)
	must(t, err)
	return waited
}
