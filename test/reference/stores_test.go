package reference

import (
	"testing"

	"github.com/google/uuid"

	"meet/adapters/sqlstore"
	"meet/domain"
)

func TestWhatWasCarriedForwardCanBeRead(t *testing.T) {
	t.Parallel()
	db := written(t, "0002.sql", "rows_0002.sql")
	db.up(t)
	store, _ := db.open(t)
	users, rooms, accesses := sqlstore.NewUsers(store), sqlstore.NewRooms(store), sqlstore.NewAccesses(store)
	page := domain.Page{Size: 100, Number: 1}
	everybody, err := users.Search(t.Context(), "", page)
	if err != nil || everybody.Count != 8 {
		t.Fatalf("%d users, error %v", everybody.Count, err)
	}
	if ada, err := users.ByEmail(t.Context(), "ada@example.com"); err != nil || len(ada) != 2 {
		t.Errorf("%d users by e-mail, error %v", len(ada), err)
	}
	for _, user := range everybody.Items {
		if _, err := users.Get(t.Context(), user.ID); err != nil {
			t.Error(err)
		}
		if _, err := rooms.List(t.Context(), user.ID, page); err != nil {
			t.Error(err)
		}
		if _, err := accesses.List(t.Context(), user.ID, page); err != nil {
			t.Error(err)
		}
		if _, err := users.Update(t.Context(), user.ID, func(*domain.User) error { return nil }); err != nil {
			t.Error(err)
		}
	}
	ada := uuid.MustParse("00000000-0000-4000-8000-000000000001")
	list, err := rooms.List(t.Context(), ada, page)
	if err != nil || list.Count != 5 {
		t.Fatalf("%d rooms, error %v", list.Count, err)
	}
	for _, seen := range list.Items {
		room := seen.Room
		room.Configuration.EveryoneCanMute()
		room.Configuration.PublishSources()
		view, err := rooms.View(t.Context(), domain.RoomKey{ID: room.ID}, ada)
		if err != nil || len(view.Members) == 0 || view.Role == domain.NoRole {
			t.Errorf("room %s: %d members, role %q, error %v", room.Name, len(view.Members), view.Role, err)
		}
		if _, err := rooms.ByPin(t.Context(), room.PinCode); err != nil {
			t.Errorf("room %s by its PIN: %v", room.Name, err)
		}
		if err := rooms.Update(t.Context(), room.ID, ada, func(room *domain.Room, _ domain.Role) error {
			room.AccessLevel = domain.Trusted
			return nil
		}); err != nil {
			t.Errorf("room %s: %v", room.Name, err)
		}
	}
}
