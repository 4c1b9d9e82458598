package contract

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"

	"meet/domain"
)

func byPin(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	room := aRoom(t, "one")
	room.PinCode = "0123456789"
	must(t, s.Rooms.Add(t.Context(), room, anAccess(room, ada, domain.Owner, 0)))
	s.room(t, "without", ada)
	if found, err := s.Pins.ByPin(t.Context(), "0123456789"); err != nil || found.ID != room.ID || found.PinCode != room.PinCode {
		t.Errorf("found %v, error %v", found.ID, err)
	}
	for _, pin := range []string{"", "123456789", "x\x00"} {
		if _, err := s.Pins.ByPin(t.Context(), pin); !errors.Is(err, domain.ErrPinUnknown) {
			t.Errorf("%q: %v", pin, err)
		}
	}
}

func assign(t *testing.T, s Store) {
	ada, bob := s.user(t, "ada", 1), s.user(t, "bob", 2)
	room := s.room(t, "one", ada)
	give := func(role domain.Role, second int) error {
		return s.Roles.Assign(t.Context(), anAccess(room, bob, role, second), ada.ID, func(actor, present domain.Role) error {
			if actor != domain.Owner || present == domain.Owner {
				return domain.ErrForbidden
			}
			return nil
		})
	}
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if err := give(domain.Member, 5); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	must(t, give(domain.Administrator, 6))
	must(t, give(domain.Administrator, 7)) // changes nothing
	view, err := s.view(t.Context(), room, ada.ID)
	must(t, err)
	if role, _, err := s.Roles.RoleOf(t.Context(), room.ID, bob.ID); role != domain.Administrator || err != nil || len(view.Members) != 2 {
		t.Errorf("role %s, error %v, %d members", role, err, len(view.Members))
	}
	must(t, give(domain.Owner, 8))
	if err := give(domain.Member, 9); !errors.Is(err, domain.ErrForbidden) {
		t.Errorf("an owner: %v", err)
	}
	gone := anAccess(room, bob, domain.Member, 1)
	gone.ResourceID = uuid.New()
	err = s.Roles.Assign(t.Context(), gone, ada.ID, func(domain.Role, domain.Role) error { return nil })
	if !errors.Is(err, domain.ErrRoomNotFound) {
		t.Errorf("no room: %v", err)
	}
}
