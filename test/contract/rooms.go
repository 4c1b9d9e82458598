package contract

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"meet/domain"
)

// sameRoom compares what a view promises; it does not tell the times.
func sameRoom(want, got domain.Room) string {
	want.CreatedAt, want.UpdatedAt, got.CreatedAt, got.UpdatedAt = start, start, start, start
	return cmp.Diff(want, got)
}

func roomRoundTrip(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	room := aRoom(t, "Réunion d'équipe")
	room.PinCode = "0123456789"
	must(t, s.Rooms.Add(t.Context(), room, anAccess(room, ada, domain.Owner, 1)))
	for _, key := range []domain.RoomKey{{ID: room.ID}, {Slug: "reunion-dequipe"}} {
		for _, viewer := range []uuid.UUID{uuid.Nil, ada.ID, uuid.New()} {
			view, err := s.Rooms.View(t.Context(), key, viewer)
			must(t, err)
			if diff := sameRoom(room, view.Room); diff != "" {
				t.Errorf("%v for %v (-saved +found):\n%s", key, viewer, diff)
			}
		}
	}
	for _, key := range []domain.RoomKey{{ID: uuid.New()}, {Slug: "Reunion-Dequipe"}, {Slug: ""}} {
		if _, err := s.Rooms.View(t.Context(), key, uuid.Nil); !errors.Is(err, domain.ErrRoomNotFound) {
			t.Errorf("%v: got %v, want ErrRoomNotFound", key, err)
		}
	}
}

func slugTaken(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	s.room(t, "Lobby", ada)
	other := s.room(t, "Other", ada)
	room := aRoom(t, "lobby!")
	if err := s.Rooms.Add(t.Context(), room, anAccess(room, ada, domain.Owner, 1)); !errors.Is(err, domain.ErrSlugTaken) {
		t.Errorf("adding: got %v, want ErrSlugTaken", err)
	}
	err := s.Rooms.Update(t.Context(), other.ID, ada.ID, func(r *domain.Room, _ domain.Role) error { return r.Rename("LOBBY") })
	if !errors.Is(err, domain.ErrSlugTaken) {
		t.Errorf("renaming: got %v, want ErrSlugTaken", err)
	}
}

func pinTaken(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	for i, want := range []error{nil, domain.ErrPinTaken} {
		room := aRoom(t, fmt.Sprint("room ", i))
		room.PinCode = "1234"
		if err := s.Rooms.Add(t.Context(), room, anAccess(room, ada, domain.Owner, 1)); !errors.Is(err, want) {
			t.Errorf("room %d: got %v, want %v", i, err, want)
		}
	}
}

func roomAddAtomic(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	s.room(t, "Lobby", ada)
	room := aRoom(t, "Lobby")
	_ = s.Rooms.Add(t.Context(), room, anAccess(room, ada, domain.Owner, 1))
	if _, err := s.view(t.Context(), room, ada.ID); !errors.Is(err, domain.ErrRoomNotFound) {
		t.Errorf("got %v, want ErrRoomNotFound", err)
	}
	if list, err := s.Accesses.List(t.Context(), ada.ID, domain.Page{Size: 20, Number: 1}); err != nil || list.Count != 1 {
		t.Errorf("%d accesses, error %v", list.Count, err)
	}
}

func viewMembers(t *testing.T, s Store) {
	owner, admin, member, other := s.user(t, "owner", 1), s.user(t, "admin", 2), s.user(t, "member", 3), s.user(t, "other", 4)
	room := s.room(t, "Lobby", owner)
	s.grant(t, room, admin, domain.Administrator, 10)
	s.grant(t, room, member, domain.Member, 20)
	s.grant(t, s.room(t, "Elsewhere", other), owner, domain.Owner, 5)
	for viewer, want := range map[domain.Profile]domain.RoomView{
		owner.Profile: {Role: domain.Owner}, admin.Profile: {Role: domain.Administrator}, member.Profile: {Role: domain.Member}, other.Profile: {},
	} {
		view, err := s.view(t.Context(), room, viewer.ID)
		must(t, err)
		if view.Role != want.Role {
			t.Errorf("%s: role %q, want %q", viewer.ShortName, view.Role, want.Role)
		}
		var names []string
		for _, shown := range view.Members {
			names = append(names, fmt.Sprint(shown.Profile.ShortName, " ", shown.Role))
		}
		var expected []string
		if want.Role.Privileged() {
			expected = []string{"member member", "admin administrator", "owner owner"}
			if diff := cmp.Diff(member.Profile, view.Members[0].Profile); diff != "" {
				t.Errorf("profile (-saved +shown):\n%s", diff)
			}
		}
		if diff := cmp.Diff(expected, names); diff != "" {
			t.Errorf("%s sees (-want +got):\n%s", viewer.ShortName, diff)
		}
	}
}

func roomList(t *testing.T, s Store) {
	ada, bob := s.user(t, "ada", 1), s.user(t, "bob", 2)
	third, first, second := s.room(t, "cc", ada), s.room(t, "aa", ada), s.room(t, "bb", bob)
	s.grant(t, second, ada, domain.Member, 3)
	s.grant(t, first, bob, domain.Member, 4)
	s.room(t, "dd", bob)
	list, err := s.Rooms.List(t.Context(), ada.ID, domain.Page{Size: 2, Number: 1})
	must(t, err)
	if list.Count != 3 || len(list.Items) != 2 || sameRoom(first, list.Items[0].Room)+sameRoom(second, list.Items[1].Room) != "" {
		t.Errorf("page 1: %d items of %d", len(list.Items), list.Count)
	}
	if list.Items[0].Role != domain.Owner || len(list.Items[0].Members) != 2 || list.Items[1].Role != domain.Member || list.Items[1].Members != nil {
		t.Errorf("roles and members: %+v", list.Items)
	}
	list, err = s.Rooms.List(t.Context(), ada.ID, domain.Page{Size: 2, Number: 0})
	must(t, err)
	if len(list.Items) != 1 || sameRoom(third, list.Items[0].Room) != "" {
		t.Errorf("last page: %d items", len(list.Items))
	}
	if _, err := s.Rooms.List(t.Context(), ada.ID, domain.Page{Size: 2, Number: 3}); !errors.Is(err, domain.ErrInvalidPage) {
		t.Errorf("page 3: got %v, want ErrInvalidPage", err)
	}
	if list, err := s.Rooms.List(t.Context(), uuid.New(), domain.Page{Size: 2, Number: 1}); err != nil || list.Count != 0 {
		t.Errorf("somebody else: %d rooms, error %v", list.Count, err)
	}
}

func roomUpdate(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	room := s.room(t, "Lobby", ada)
	refused := errors.New("no")
	if err := s.Rooms.Update(t.Context(), room.ID, ada.ID, func(r *domain.Room, role domain.Role) error {
		if role != domain.Owner {
			t.Errorf("the actor's role is %q", role)
		}
		r.Name = "changed"
		return refused
	}); !errors.Is(err, refused) {
		t.Errorf("got %v, want the change's error", err)
	}
	must(t, s.Rooms.Update(t.Context(), room.ID, ada.ID, func(r *domain.Room, _ domain.Role) error {
		if r.Name != "Lobby" || !r.CreatedAt.Equal(room.CreatedAt) {
			t.Errorf("the change sees %+v", r)
		}
		r.AccessLevel, r.Configuration, r.UpdatedAt = domain.Public, nil, at(3)
		return r.Rename("New Name")
	}))
	view, err := s.view(t.Context(), room, uuid.Nil)
	must(t, err)
	if view.Slug != "new-name" || view.AccessLevel != domain.Public || len(view.Configuration) != 0 {
		t.Errorf("saved %+v", view.Room)
	}
	if err := s.Rooms.Update(t.Context(), uuid.New(), ada.ID, func(*domain.Room, domain.Role) error { return nil }); !errors.Is(err, domain.ErrRoomNotFound) {
		t.Errorf("got %v, want ErrRoomNotFound", err)
	}
}

func roomRemove(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	room, other := s.room(t, "Lobby", ada), s.room(t, "Other", ada)
	must(t, s.Rooms.Remove(t.Context(), room.ID, ada.ID, ownersOnly))
	if _, err := s.view(t.Context(), room, ada.ID); !errors.Is(err, domain.ErrRoomNotFound) {
		t.Errorf("got %v, want ErrRoomNotFound", err)
	}
	if err := s.Rooms.Remove(t.Context(), room.ID, ada.ID, ownersOnly); !errors.Is(err, domain.ErrRoomNotFound) {
		t.Errorf("twice: got %v, want ErrRoomNotFound", err)
	}
	list, err := s.Accesses.List(t.Context(), ada.ID, domain.Page{Size: 20, Number: 1})
	must(t, err)
	if list.Count != 1 || list.Items[0].ResourceID != other.ID {
		t.Errorf("accesses left: %+v", list.Items)
	}
	s.room(t, "Lobby", ada) // the slug is free again
}

func roleOf(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	room := s.room(t, "Lobby", ada)
	for _, c := range []struct {
		room, user uuid.UUID
		role       domain.Role
		exists     bool
	}{{room.ID, ada.ID, domain.Owner, true}, {room.ID, uuid.New(), domain.NoRole, true}, {uuid.New(), ada.ID, domain.NoRole, false}} {
		role, exists, err := s.Roles.RoleOf(t.Context(), c.room, c.user)
		if err != nil || role != c.role || exists != c.exists {
			t.Errorf("got %q %v %v, want %q %v", role, exists, err, c.role, c.exists)
		}
	}
}
