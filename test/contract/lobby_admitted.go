package contract

import (
	"testing"

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
