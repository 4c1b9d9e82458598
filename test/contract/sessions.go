package contract

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"meet/domain"
)

func aSession(user domain.User, key, sid string) domain.Session {
	return domain.Session{Key: key, UserID: user.ID, SID: sid, Data: `{"é":"\u0000"}`, CreatedAt: at(0), ExpiresAt: at(100)}
}

func sessionFind(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	session := aSession(ada, "key", "sid")
	must(t, s.Sessions.Add(t.Context(), session))
	found, there, err := s.Sessions.Find(t.Context(), "key", at(99))
	must(t, err)
	user, ok, err := s.Sessions.Who(t.Context(), "key", at(99))
	must(t, err)
	ada.CreatedAt, ada.UpdatedAt, ada.Password = user.CreatedAt, user.UpdatedAt, user.Password // not promised
	if diff := cmp.Diff(session, found) + cmp.Diff(ada, user); !ok || !there || diff != "" {
		t.Errorf("found %v (-saved +found):\n%s", ok, diff)
	}
	gone := func(why, key string, second int) {
		_, ok, err := s.Sessions.Who(t.Context(), key, at(second))
		_, there, errFind := s.Sessions.Find(t.Context(), key, at(second))
		if ok || there || err != nil || errFind != nil {
			t.Errorf("%s: found %v %v, errors %v %v", why, ok, there, err, errFind)
		}
	}
	gone("expired", "key", 100)
	gone("unknown", "other", 1)
	_, err = s.Users.Update(t.Context(), ada.ID, func(u *domain.User) error { u.IsActive = false; return nil })
	must(t, err)
	gone("inactive user", "key", 1)
}

func arrivals(t *testing.T, s Store) {
	ada, bob := s.user(t, "ada", 1), s.user(t, "bob", 2)
	room := s.room(t, "theirs", ada)
	for _, user := range []domain.User{ada, bob} {
		must(t, s.Sessions.Add(t.Context(), aSession(user, user.ShortName, "")))
		who, _, err := s.Sessions.Who(t.Context(), user.ShortName, at(1))
		must(t, err)
		for _, key := range []domain.RoomKey{{ID: room.ID}, {Slug: room.Slug}} {
			view, err := s.Rooms.View(t.Context(), key, user.ID)
			must(t, err)
			arrival, found, err := s.Arrivals.Arrive(t.Context(), user.ShortName, at(1), key)
			must(t, err)
			if diff := cmp.Diff(domain.Arrival{User: who, Room: &view}, arrival); !found || diff != "" {
				t.Errorf("%s, found %v (-alone +together):\n%s", user.ShortName, found, diff)
			}
		}
		arrival, found, err := s.Arrivals.Arrive(t.Context(), user.ShortName, at(1), domain.RoomKey{Slug: "nowhere"})
		if diff := cmp.Diff(domain.Arrival{User: who}, arrival); !found || err != nil || diff != "" {
			t.Errorf("nowhere: found %v, error %v\n%s", found, err, diff)
		}
	}
	for _, key := range []string{"unknown", "ada"} { // ada's is over
		if _, found, err := s.Arrivals.Arrive(t.Context(), key, at(100), domain.RoomKey{ID: room.ID}); found || err != nil {
			t.Errorf("%s: found %v, error %v", key, found, err)
		}
	}
}

func sessionRemove(t *testing.T, s Store) {
	must(t, s.Sessions.Add(t.Context(), aSession(s.user(t, "ada", 1), "key", "")))
	for range 2 {
		must(t, s.Sessions.Remove(t.Context(), "key"))
	}
	if _, there, err := s.Sessions.Find(t.Context(), "key", at(1)); there || err != nil {
		t.Errorf("after removal: found %v, error %v", there, err)
	}
}

func sessionRemoveOf(t *testing.T, s Store) {
	ada, bob := s.user(t, "ada", 1), s.user(t, "bob", 2)
	for name, c := range map[string]struct {
		user uuid.UUID
		sid  string
		left string
		many int // people whose sessions ended
	}{
		"all of a user":            {ada.ID, "", "b1 ", 1},
		"one of a user":            {ada.ID, "s1", "a2 b1 ", 1}, // and those of unknown provider session
		"by provider session only": {uuid.Nil, "s1", "a0 a2 ", 2},
		"unknown provider session": {uuid.Nil, "zz", "a0 a1 a2 b1 ", 0},
	} {
		for _, session := range []domain.Session{
			aSession(ada, "a0", ""), aSession(ada, "a1", "s1"), aSession(ada, "a2", "s2"), aSession(bob, "b1", "s1"),
		} {
			must(t, s.Sessions.Remove(t.Context(), session.Key))
			must(t, s.Sessions.Add(t.Context(), session))
		}
		whose, err := s.Sessions.RemoveOf(t.Context(), c.user, c.sid)
		must(t, err)
		if len(whose) != c.many {
			t.Errorf("%s: ended sessions of %v", name, whose)
		}
		left := ""
		for _, key := range []string{"a0", "a1", "a2", "b1"} {
			if _, ok, _ := s.Sessions.Who(t.Context(), key, at(1)); ok {
				left += key + " "
			}
		}
		if left != c.left {
			t.Errorf("%s: left %q, want %q", name, left, c.left)
		}
	}
}

func signedIn(t *testing.T, s Store) {
	ada, bob := s.user(t, "ada", 1), s.user(t, "bob", 2)
	expect := func(user uuid.UUID, second int, want bool) {
		t.Helper()
		if got, err := s.Sessions.SignedIn(t.Context(), user, at(second)); got != want || err != nil {
			t.Errorf("at %d: %v, error %v", second, got, err)
		}
	}
	expect(ada.ID, 1, false)
	must(t, s.Sessions.Add(t.Context(), aSession(ada, "one", "")))
	must(t, s.Sessions.Add(t.Context(), aSession(ada, "two", "")))
	must(t, s.Sessions.Remove(t.Context(), "one"))
	expect(ada.ID, 99, true)
	expect(ada.ID, 100, false)
	expect(bob.ID, 1, false)
	expect(uuid.New(), 1, false)
	must(t, s.Sessions.Remove(t.Context(), "two"))
	expect(ada.ID, 1, false)
}

func markOnce(t *testing.T, s Store) {
	for i, want := range []struct {
		mark   string
		second int
		first  bool
	}{{"a", 0, true}, {"a", 1, false}, {"b", 1, true}, {"a", 10, true}, {"a", 11, false}} {
		first, err := s.Once.First(t.Context(), want.mark, at(want.second), at(want.second+10))
		if err != nil || first != want.first {
			t.Errorf("step %d: first %v, error %v", i, first, err)
		}
	}
}

func callbackOnce(t *testing.T, s Store) {
	must(t, s.Callbacks.Put(t.Context(), "secret", "old", at(10)))
	must(t, s.Callbacks.Put(t.Context(), "secret", "new", at(10)))
	must(t, s.Callbacks.Put(t.Context(), "late", "x", at(10)))
	if slug, ok, err := s.Callbacks.Take(t.Context(), "secret", at(9)); slug != "new" || !ok || err != nil {
		t.Errorf("got %q %v %v", slug, ok, err)
	}
	for _, secret := range []string{"secret", "unknown", "late"} {
		if slug, ok, err := s.Callbacks.Take(t.Context(), secret, at(10)); slug != "" || ok || err != nil {
			t.Errorf("%s: got %q %v %v", secret, slug, ok, err)
		}
	}
}

func sweepExpired(t *testing.T, s Store) {
	must(t, s.Sessions.Add(t.Context(), aSession(s.user(t, "ada", 1), "key", "")))
	if first, err := s.Once.First(t.Context(), "a", at(0), at(100)); !first || err != nil {
		t.Errorf("first %v, error %v", first, err)
	}
	must(t, s.Sweeper.Sweep(t.Context(), at(99)))
	if _, ok, _ := s.Sessions.Who(t.Context(), "key", at(1)); !ok {
		t.Error("swept too early")
	}
	must(t, s.Sweeper.Sweep(t.Context(), at(100)))
	if _, ok, _ := s.Sessions.Who(t.Context(), "key", at(1)); ok {
		t.Error("the session is still there")
	}
	if first, err := s.Once.First(t.Context(), "a", at(1), at(100)); !first || err != nil {
		t.Errorf("the mark is still there: error %v", err)
	}
}

func atomic(t *testing.T, s Store) {
	ada := aUser("ada", 1)
	failed := errors.New("no")
	err := s.Atomically(t.Context(), func(ctx context.Context) error {
		must(t, s.Users.Add(ctx, ada))
		if _, err := s.Users.Get(ctx, ada.ID); err != nil {
			t.Errorf("inside: %v", err)
		}
		return s.Atomically(ctx, func(ctx context.Context) error {
			must(t, s.Callbacks.Put(ctx, "secret", "slug", at(10)))
			return failed
		})
	})
	if !errors.Is(err, failed) {
		t.Errorf("got %v, want the error from inside", err)
	}
	if _, err := s.Users.Get(t.Context(), ada.ID); !errors.Is(err, domain.ErrUserNotFound) {
		t.Errorf("got %v, want ErrUserNotFound", err)
	}
	if _, found, _ := s.Callbacks.Take(t.Context(), "secret", at(1)); found {
		t.Error("the callback is there")
	}
}
