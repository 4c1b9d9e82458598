package contract

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

func lobbyAdmitted(t *testing.T, l Lobby) {
	room := uuid.New()
	knock(t, l, room, "a", long)
	knock(t, l, room, "b", long)
	expect := func(in uuid.UUID, identity string, want bool) {
		t.Helper()
		if got, err := l.Admitted(t.Context(), in, identity); got != want || err != nil {
			t.Errorf("%s: %v, error %v", identity, got, err)
		}
	}
	decide := func(id string, status domain.LobbyStatus) {
		t.Helper()
		_, err := l.Decide(t.Context(), room, id, status, long)
		must(t, err)
	}
	expect(room, "sub-a", false)
	decide("a", domain.Accepted)
	decide("b", domain.Denied)
	expect(room, "sub-a", true)
	expect(room, "sub-b", false)
	expect(room, "a", false)
	expect(room, "", false)
	expect(uuid.New(), "sub-a", false)
	decide("a", domain.Denied)
	expect(room, "sub-a", false)
	decide("a", domain.Accepted)
	expect(room, "sub-a", true)
	must(t, l.Forget(t.Context(), room, "sub-a"))
	expect(room, "sub-a", false)
	decide("b", domain.Accepted)
	must(t, l.Clear(t.Context(), room))
	expect(room, "sub-b", false)
}

// lobbyAdmittedTwice is a person with two browsers, each with an entry of its
// own: the identity is that of the account.
func lobbyAdmittedTwice(t *testing.T, l Lobby) {
	const identity = "sub-of-both"
	room := uuid.New()
	for _, id := range []string{"first", "second"} {
		_, _, err := l.Add(t.Context(), room, domain.LobbyEntry{ID: id, Username: "Guest", Status: domain.Waiting, Identity: identity}, nil, long)
		must(t, err)
	}
	for _, step := range []struct {
		id     string
		status domain.LobbyStatus
		want   bool
	}{
		{"first", domain.Accepted, true},
		{"second", domain.Accepted, true},
		{"second", domain.Denied, true}, // the first browser is still let in
		{"first", domain.Denied, false},
		{"second", domain.Accepted, true},
		{"first", domain.Accepted, true},
		{"second", domain.Denied, true},
	} {
		_, err := l.Decide(t.Context(), room, step.id, step.status, long)
		must(t, err)
		if got, err := l.Admitted(t.Context(), room, identity); got != step.want || err != nil {
			t.Errorf("%s %s: admitted %v, error %v", step.id, step.status, got, err)
		}
	}
	must(t, l.Forget(t.Context(), room, identity))
	if got, err := l.Admitted(t.Context(), room, identity); got || err != nil {
		t.Errorf("forgotten: admitted %v, error %v", got, err)
	}
}

// lobbyAdmittedAndExpired is a second acceptance that is for a short time.
func lobbyAdmittedAndExpired(t *testing.T, l Lobby) {
	const identity = "sub-of-both"
	room, stays := uuid.New(), map[string]time.Duration{"lasting": long, "passing": 30 * time.Millisecond}
	for _, id := range []string{"lasting", "passing"} {
		_, _, err := l.Add(t.Context(), room, domain.LobbyEntry{ID: id, Username: "Guest", Status: domain.Waiting, Identity: identity}, nil, long)
		must(t, err)
		_, err = l.Decide(t.Context(), room, id, domain.Accepted, stays[id])
		must(t, err)
	}
	eventually(t, "expired", func() bool { return state(t, l, room, "passing") == "" })
	if got, err := l.Admitted(t.Context(), room, identity); !got || err != nil {
		t.Errorf("one acceptance is left: admitted %v, error %v", got, err)
	}
}
