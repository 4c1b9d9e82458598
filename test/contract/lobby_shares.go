package contract

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"meet/domain"
)

func lobbyShares(t *testing.T, l Lobby) {
	room := uuid.New()
	small, large := domain.Network{Name: "2001:db8::/64", Places: 2}, domain.Network{Name: "2001:db8::/48", Places: 3}
	other := domain.Network{Name: "2001:db8:0:1::/64", Places: 2}
	none := domain.Network{Name: "127.0.0.1/32"}
	add := func(id string, stay time.Duration, from ...domain.Network) error {
		_, _, err := l.Add(t.Context(), room, aGuest(id), from, stay)
		return err
	}
	must(t, add("a", 50*time.Millisecond, small, large))
	must(t, add("b", long, small, large))
	if err := add("c", long, small, large); !errors.Is(err, domain.ErrLobbyFull) {
		t.Errorf("a third of two: %v", err)
	}
	must(t, add("d", long, other, large))
	if err := add("e", long, other, large); !errors.Is(err, domain.ErrLobbyFull) {
		t.Errorf("a fourth of three: %v", err)
	}
	must(t, add("b", long, small, large)) // who waits already
	for i := range 10 {
		must(t, add(fmt.Sprint(i), long, none))
	}
	must(t, add("elsewhere", long))
	eventually(t, "the place of one whose entry expired is free", func() bool { return add("f", long, other, large) == nil })
	_, err := l.Decide(t.Context(), room, "b", domain.Accepted, long)
	must(t, err)
	must(t, add("g", long, small, large)) // a place is for those who wait
	_, _, err = l.Add(t.Context(), uuid.New(), aGuest("a"), []domain.Network{small, large}, long)
	must(t, err)
}

func lobbyPlaces(t *testing.T, l Lobby) {
	room := uuid.New()
	knock(t, l, room, "a", long)
	knock(t, l, room, "b", 30*time.Millisecond)
	knock(t, l, room, "denied", long)
	knock(t, l, room, "c", long)
	_, err := l.Decide(t.Context(), room, "denied", domain.Denied, 30*time.Millisecond)
	must(t, err)
	eventually(t, "expired", func() bool { return state(t, l, room, "b") == "" && state(t, l, room, "denied") == "" })
	if diff := cmp.Diff([]string{"a", "c"}, ids(t, l, room)); diff != "" {
		t.Error(diff)
	}
	knock(t, l, room, "d", long)
	knock(t, l, room, "denied", long)
	knock(t, l, room, "b", long)
	for range 2 {
		if diff := cmp.Diff([]string{"a", "b", "c", "d", "denied"}, ids(t, l, room)); diff != "" {
			t.Error(diff)
		}
	}
}
