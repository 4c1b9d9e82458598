package contract

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"meet/domain"
)

func accessCase(t *testing.T, s Store) {
	ada, bob := s.user(t, "ada", 1), s.user(t, "bob", 2)
	room := s.room(t, "Lobby", ada)
	access := s.grant(t, room, bob, domain.Member, 3)
	found, err := s.Accesses.Case(t.Context(), access.ID, ada.ID)
	must(t, err)
	want := domain.AccessCase{Access: access, Actor: ada.ID, ActorRole: domain.Owner, Owners: 1}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	stranger, err := s.Accesses.Case(t.Context(), access.ID, uuid.New())
	must(t, err)
	if stranger.ActorRole != domain.NoRole {
		t.Errorf("a stranger's role: %q", stranger.ActorRole)
	}
	if _, err := s.Accesses.Case(t.Context(), uuid.New(), ada.ID); !errors.Is(err, domain.ErrAccessNotFound) {
		t.Errorf("got %v, want ErrAccessNotFound", err)
	}
	changed, err := s.Accesses.Update(t.Context(), access.ID, ada.ID, func(c *domain.AccessCase) error {
		return c.Change(domain.Owner, at(9))
	})
	must(t, err)
	if again, _ := s.Accesses.Case(t.Context(), access.ID, ada.ID); cmp.Diff(changed, again.Access) != "" || again.Owners != 2 {
		t.Errorf("after the change: %+v", again)
	}
	must(t, s.Accesses.Remove(t.Context(), access.ID, bob.ID, (*domain.AccessCase).Revoke))
	if err := s.Accesses.Remove(t.Context(), access.ID, bob.ID, (*domain.AccessCase).Revoke); !errors.Is(err, domain.ErrAccessNotFound) {
		t.Errorf("removing twice: got %v, want ErrAccessNotFound", err)
	}
}

func accessTaken(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	room := s.room(t, "Lobby", ada)
	if err := s.Accesses.Add(t.Context(), anAccess(room, ada, domain.Member, 2), uuid.Nil, anybody); !errors.Is(err, domain.ErrAccessExists) {
		t.Errorf("got %v, want ErrAccessExists", err)
	}
	for user, want := range map[uuid.UUID]bool{ada.ID: true, uuid.New(): false} {
		if exists, err := s.Roles.Exists(t.Context(), room.ID, user); err != nil || exists != want {
			t.Errorf("exists: %v, error %v", exists, err)
		}
	}
}

func accessDangling(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	if err := s.Accesses.Add(t.Context(), anAccess(aRoom(t, "Nowhere"), ada, domain.Member, 2), uuid.Nil, anybody); !errors.Is(err, domain.ErrRoomNotFound) {
		t.Errorf("got %v, want ErrRoomNotFound", err)
	}
}

func accessList(t *testing.T, s Store) {
	ada, bob := s.user(t, "ada", 1), s.user(t, "bob", 2)
	mine, foreign := s.room(t, "Mine", ada), s.room(t, "Foreign", bob)
	newest := s.grant(t, mine, bob, domain.Member, 50)
	s.grant(t, foreign, ada, domain.Member, 60)
	list, err := s.Accesses.List(t.Context(), ada.ID, domain.Page{Size: 20, Number: 1})
	must(t, err)
	if list.Count != 2 || cmp.Diff(newest, list.Items[0]) != "" || list.Items[1].Role != domain.Owner {
		t.Errorf("got %+v", list)
	}
	if _, err := s.Accesses.List(t.Context(), ada.ID, domain.Page{Size: 20, Number: 2}); !errors.Is(err, domain.ErrInvalidPage) {
		t.Errorf("got %v, want ErrInvalidPage", err)
	}
}

func ownerRace(t *testing.T, s Store) {
	for range 10 {
		ada, bob := s.user(t, uuid.NewString(), 1), s.user(t, uuid.NewString(), 2)
		room := s.room(t, uuid.NewString()+" room", ada)
		second := s.grant(t, room, bob, domain.Owner, 3)
		first, err := s.Accesses.List(t.Context(), ada.ID, domain.Page{Size: 20, Number: 0})
		must(t, err)
		var all sync.WaitGroup
		all.Go(func() {
			_, _ = s.Accesses.Update(t.Context(), second.ID, bob.ID, func(c *domain.AccessCase) error { return c.Change(domain.Member, at(4)) })
		})
		all.Go(func() {
			_ = s.Accesses.Remove(t.Context(), first.Items[len(first.Items)-1].ID, ada.ID, (*domain.AccessCase).Revoke)
		})
		all.Wait()
		found, err := s.Accesses.Case(t.Context(), second.ID, bob.ID)
		must(t, err)
		if found.Owners != 1 {
			t.Fatalf("%d owners are left", found.Owners)
		}
	}
}
