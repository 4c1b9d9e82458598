package contract

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"

	"meet/domain"
)

func slugRace(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	const racers = 8
	results := make([]error, racers)
	var all sync.WaitGroup
	for i := range racers {
		room := aRoom(t, "Lobby")
		all.Go(func() { results[i] = s.Rooms.Add(t.Context(), room, anAccess(room, ada, domain.Owner, i)) })
	}
	all.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else if !errors.Is(err, domain.ErrSlugTaken) {
			t.Errorf("got %v, want ErrSlugTaken", err)
		}
	}
	if won != 1 {
		t.Errorf("%d rooms got the slug", won)
	}
}

func anybody(domain.Role) error { return nil }

func ownersOnly(role domain.Role) error {
	if role != domain.Owner {
		return domain.ErrForbidden
	}
	return nil
}

// removeRace removes rooms while others change who has access to them.
func removeRace(t *testing.T, s Store) {
	for range 15 {
		ada, bob, eve := s.user(t, uuid.NewString(), 1), s.user(t, uuid.NewString(), 2), s.user(t, uuid.NewString(), 3)
		room := s.room(t, uuid.NewString()+" room", ada)
		access := s.grant(t, room, bob, domain.Member, 3)
		var all sync.WaitGroup
		all.Go(func() {
			if err := s.Rooms.Remove(t.Context(), room.ID, ada.ID, ownersOnly); err != nil {
				t.Errorf("remove: %v", err)
			}
		})
		all.Go(func() {
			_, err := s.Accesses.Update(t.Context(), access.ID, ada.ID, func(c *domain.AccessCase) error { return c.Change(domain.Administrator, at(4)) })
			if err != nil && !errors.Is(err, domain.ErrAccessNotFound) {
				t.Errorf("change: %v", err)
			}
		})
		all.Go(func() {
			err := s.Accesses.Add(t.Context(), anAccess(room, eve, domain.Member, 5), ada.ID, anybody)
			if err != nil && !errors.Is(err, domain.ErrRoomNotFound) {
				t.Errorf("grant: %v", err)
			}
		})
		all.Wait()
		if _, err := s.view(t.Context(), room, ada.ID); !errors.Is(err, domain.ErrRoomNotFound) {
			t.Errorf("the room is still there: %v", err)
		}
	}
}

// signInRace signs a person in while the provider's word that the person is
// signed out is dealt with: whoever has a session afterwards has valid tokens.
func signInRace(t *testing.T, s Store) {
	for range 15 {
		ada := s.user(t, uuid.NewString(), 1)
		key := uuid.NewString()
		must(t, s.Sessions.Add(t.Context(), aSession(ada, uuid.NewString(), "s1")))
		var all sync.WaitGroup
		all.Go(func() { must(t, s.Sessions.Add(t.Context(), aSession(ada, key, "s2"))) })
		for range 2 {
			all.Go(func() {
				must(t, s.Atomically(t.Context(), func(ctx context.Context) error {
					_, err := s.Sessions.RemoveOf(ctx, ada.ID, "")
					if err != nil {
						return err
					}
					signedIn, err := s.Sessions.SignedIn(ctx, ada.ID, at(1))
					if err != nil || signedIn {
						return err
					}
					return s.Revocations.Revoke(ctx, ada.ID, at(10))
				}))
			})
		}
		all.Wait()
		_, signedIn, err := s.Sessions.Who(t.Context(), key, at(1))
		must(t, err)
		revoked, err := s.Revocations.Revoked(t.Context(), ada.ID, at(1))
		must(t, err)
		if signedIn == revoked {
			t.Errorf("signed in: %v, tokens void: %v", signedIn, revoked)
		}
	}
}

// refusedRemoval keeps the room of somebody who may not remove it.
func refusedRemoval(t *testing.T, s Store) {
	room := s.room(t, "Lobby", s.user(t, "ada", 1))
	bob := s.user(t, "bob", 2)
	if err := s.Rooms.Remove(t.Context(), room.ID, bob.ID, ownersOnly); !errors.Is(err, domain.ErrForbidden) {
		t.Errorf("got %v, want ErrForbidden", err)
	}
	if err := s.Accesses.Add(t.Context(), anAccess(room, bob, domain.Owner, 3), bob.ID, ownersOnly); !errors.Is(err, domain.ErrForbidden) {
		t.Errorf("got %v, want ErrForbidden", err)
	}
	if view, err := s.view(t.Context(), room, bob.ID); err != nil || view.Role != domain.NoRole {
		t.Errorf("role %q, error %v", view.Role, err)
	}
}

// unstorable asks with texts that no store can hold.
func unstorable(t *testing.T, s Store) {
	for _, text := range []string{"a\x00b", "a\xffb"} {
		if _, err := s.Users.BySub(t.Context(), text); !errors.Is(err, domain.ErrUserNotFound) {
			t.Errorf("%q: got %v, want ErrUserNotFound", text, err)
		}
		if _, err := s.Users.Search(t.Context(), text, domain.Page{Size: 20, Number: 1}); err != nil && domain.KindOf(err) != domain.Invalid {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
