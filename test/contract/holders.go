package contract

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"meet/domain"
)

func holders(t *testing.T, s Store) {
	ada, bob, eve := s.user(t, "ada", 1), s.user(t, "bob", 2), s.user(t, "eve", 3)
	room, other := s.room(t, "one", ada), s.room(t, "two", bob)
	_, err := s.Users.Update(t.Context(), bob.ID, func(u *domain.User) error { u.IsActive = false; return nil })
	must(t, err)
	expect := func(r uuid.UUID, second int, want ...domain.Holder) {
		t.Helper()
		list, err := s.Accounts.Holders(t.Context(), r, []string{ada.Sub, bob.Sub, `stranger "é"`, ""}, at(second))
		order := cmpopts.SortSlices(func(a, b domain.Holder) bool { return a.Identity < b.Identity })
		if diff := cmp.Diff(want, list, order); diff != "" || err != nil {
			t.Errorf("at %d %s, error %v", second, diff, err)
		}
	}
	of := func(u domain.User, active, out bool, role domain.Role) domain.Holder {
		return domain.Holder{Identity: u.Sub, UserID: u.ID, Active: active, SignedOut: out, Role: role}
	}
	expect(room.ID, 4, of(ada, true, false, domain.Owner), of(bob, false, false, domain.NoRole))
	expect(other.ID, 4, of(ada, true, false, domain.NoRole), of(bob, false, false, domain.Owner))
	expect(uuid.Nil, 4, of(ada, true, false, domain.NoRole), of(bob, false, false, domain.NoRole))
	for _, subject := range []uuid.UUID{ada.ID, eve.ID} {
		must(t, s.Revocations.Revoke(t.Context(), subject, at(10)))
	}
	expect(room.ID, 9, of(ada, true, true, domain.Owner), of(bob, false, false, domain.NoRole))
	must(t, s.Sessions.Add(t.Context(), domain.Session{Key: "again", UserID: ada.ID, CreatedAt: at(5), ExpiresAt: at(8)}))
	expect(room.ID, 7, of(ada, true, false, domain.Owner), of(bob, false, false, domain.NoRole))
	expect(room.ID, 8, of(ada, true, false, domain.Owner), of(bob, false, false, domain.NoRole)) // the session ended, nobody signed her out
	must(t, s.Revocations.Revoke(t.Context(), ada.ID, at(10)))
	expect(room.ID, 9, of(ada, true, true, domain.Owner), of(bob, false, false, domain.NoRole)) // signed out anew
	expect(room.ID, 10, of(ada, true, false, domain.Owner), of(bob, false, false, domain.NoRole))
	if list, err := s.Accounts.Holders(t.Context(), room.ID, []string{}, at(4)); len(list) != 0 || err != nil {
		t.Errorf("%v, error %v", list, err)
	}
}

func signInEndsRevocation(t *testing.T, s Store) {
	ada, bob := s.user(t, "ada", 1), s.user(t, "bob", 2)
	void := func(user domain.User, want bool) {
		t.Helper()
		if got, err := s.Revocations.Revoked(t.Context(), user.ID, at(5)); got != want || err != nil {
			t.Errorf("the tokens of %s are void: %v, error %v", user.ShortName, got, err)
		}
	}
	for _, user := range []domain.User{ada, bob} {
		must(t, s.Revocations.Revoke(t.Context(), user.ID, at(10)))
	}
	failed := errors.New("no")
	err := s.Atomically(t.Context(), func(ctx context.Context) error {
		must(t, s.Sessions.Add(ctx, aSession(ada, "undone", "")))
		return failed
	})
	if !errors.Is(err, failed) {
		t.Errorf("got %v, want the error from inside", err)
	}
	void(ada, true)
	must(t, s.Sessions.Add(t.Context(), aSession(ada, "key", "")))
	void(ada, false)
	void(bob, true)
	must(t, s.Sessions.Remove(t.Context(), "key"))
	void(ada, false)
}

func revocations(t *testing.T, s Store) {
	id := uuid.New()
	expect := func(subject uuid.UUID, second int, want bool) {
		t.Helper()
		if got, err := s.Revocations.Revoked(t.Context(), subject, at(second)); got != want || err != nil {
			t.Errorf("at %d: %v, error %v", second, got, err)
		}
	}
	expect(id, 1, false)
	must(t, s.Revocations.Revoke(t.Context(), id, at(10)))
	expect(id, 9, true)
	expect(id, 10, false)
	expect(uuid.New(), 9, false)
	must(t, s.Revocations.Revoke(t.Context(), id, at(20)))
	must(t, s.Sweeper.Sweep(t.Context(), at(15)))
	expect(id, 15, true)
	must(t, s.Sweeper.Sweep(t.Context(), at(20)))
	expect(id, 1, false)
}

func glimpse(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	room := s.room(t, "one", ada)
	browser := uuid.NewString()
	must(t, s.Bans.Add(t.Context(), domain.Ban{RoomID: room.ID, Identity: browser, CreatedAt: at(1)}))
	for _, key := range []domain.RoomKey{{ID: room.ID}, {Slug: room.Slug}} {
		for whose, banned := range map[string]bool{browser: true, uuid.NewString(): false, "": false, ada.Sub: false} {
			view, err := s.Rooms.Glimpse(t.Context(), key, whose)
			must(t, err)
			room.CreatedAt, room.UpdatedAt = time.Time{}, time.Time{}
			view.CreatedAt, view.UpdatedAt = time.Time{}, time.Time{}
			if diff := cmp.Diff(domain.RoomView{Room: room, Banned: banned}, view); diff != "" {
				t.Errorf("%q (-want +got):\n%s", whose, diff)
			}
		}
	}
	if _, err := s.Rooms.Glimpse(t.Context(), domain.RoomKey{ID: uuid.New()}, browser); !errors.Is(err, domain.ErrRoomNotFound) {
		t.Errorf("no room: %v", err)
	}
}
