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

func bans(t *testing.T, s Store) {
	ada, bob := s.user(t, "ada", 1), s.user(t, "bob", 2)
	room, other := s.room(t, "one", ada), s.room(t, "two", ada)
	for i, ban := range []domain.Ban{
		{RoomID: room.ID, Identity: bob.Sub, UserID: bob.ID, Name: "Bob", CreatedAt: at(1)},
		{RoomID: room.ID, Identity: "stranger", Name: "Zoé", CreatedAt: at(2)},
		{RoomID: room.ID, Identity: bob.Sub, UserID: bob.ID, Name: "again", CreatedAt: at(3)},
	} {
		if err := s.Bans.Add(t.Context(), ban); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	list, err := s.Bans.List(t.Context(), room.ID)
	must(t, err)
	if len(list) != 2 || list[0].Name != "Bob" || list[0].UserID != bob.ID || list[1].Identity != "stranger" || !list[1].CreatedAt.Equal(at(2)) {
		t.Errorf("list %+v", list)
	}
	expect := func(id uuid.UUID, want bool) {
		t.Helper()
		if has, err := s.Bans.Has(t.Context(), id, "stranger"); has != want || err != nil {
			t.Errorf("banned %v, error %v", has, err)
		}
	}
	seen := func(r domain.Room, viewer domain.User, want bool) {
		t.Helper()
		view, err := s.view(t.Context(), r, viewer.ID)
		must(t, err)
		if view.Banned != want {
			t.Errorf("%s sees banned %v", viewer.Sub, view.Banned)
		}
	}
	expect(room.ID, true)
	expect(other.ID, false)
	seen(room, bob, true)
	seen(room, ada, false)
	seen(other, bob, false)
	must(t, s.Bans.Lift(t.Context(), room.ID, bob.Sub))
	if err := s.Bans.Lift(t.Context(), room.ID, bob.Sub); !errors.Is(err, domain.ErrParticipantNotFound) {
		t.Errorf("lifted twice: %v", err)
	}
	seen(room, bob, false)
	must(t, s.Bans.Clear(t.Context(), room.ID, at(2)))
	expect(room.ID, true)
	must(t, s.Bans.Clear(t.Context(), room.ID, at(3)))
	expect(room.ID, false)
}

// bansUnmake: somebody who is kept out acts with no role, whatever the access says.
func bansUnmake(t *testing.T, s Store) {
	ada, bob := s.user(t, "ada", 1), s.user(t, "bob", 2)
	room := s.room(t, "one", ada)
	access := s.grant(t, room, bob, domain.Administrator, 1)
	acting := func(want domain.Role) {
		t.Helper()
		var roles []domain.Role
		note := func(role domain.Role) error {
			roles = append(roles, role)
			return domain.ErrForbidden
		}
		_ = s.Rooms.Update(t.Context(), room.ID, bob.ID, func(_ *domain.Room, role domain.Role) error { return note(role) })
		_ = s.Rooms.Remove(t.Context(), room.ID, bob.ID, note)
		_ = s.Accesses.Add(t.Context(), anAccess(room, ada, domain.Member, 3), bob.ID, note)
		_ = s.Roles.Assign(t.Context(), anAccess(room, ada, domain.Member, 3), bob.ID, func(role, _ domain.Role) error { return note(role) })
		_, _ = s.Accesses.Update(t.Context(), access.ID, bob.ID, func(c *domain.AccessCase) error { return note(c.ActorRole) })
		_ = s.Accesses.Remove(t.Context(), access.ID, bob.ID, func(c *domain.AccessCase) error { return note(c.ActorRole) })
		if diff := cmp.Diff([]domain.Role{want, want, want, want, want, want}, roles); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	acting(domain.Administrator)
	must(t, s.Bans.Add(t.Context(), domain.Ban{RoomID: room.ID, Identity: bob.Sub, UserID: bob.ID, CreatedAt: at(1)}))
	acting(domain.NoRole)
	if role, _, err := s.Roles.RoleOf(t.Context(), room.ID, bob.ID); role != domain.Administrator || err != nil {
		t.Errorf("the role is %q, error %v", role, err)
	}
	must(t, s.Bans.Lift(t.Context(), room.ID, bob.Sub))
	acting(domain.Administrator)
}

func bansGo(t *testing.T, s Store) {
	room := s.room(t, "one", s.user(t, "ada", 1))
	must(t, s.Bans.Add(t.Context(), domain.Ban{RoomID: room.ID, Identity: "x", CreatedAt: at(1)}))
	must(t, s.Rooms.Remove(t.Context(), room.ID, uuid.Nil, anybody))
	if has, err := s.Bans.Has(t.Context(), room.ID, "x"); has || err != nil {
		t.Errorf("banned %v, error %v", has, err)
	}
}

func inbox(t *testing.T, s Store) {
	left := domain.Event{ID: "b", Kind: domain.ParticipantLeft, At: at(1), Room: "r", Participant: domain.Participant{SID: "P", Name: "Zoé"}}
	joined, late := left, left
	joined.ID, joined.Kind = "c", domain.ParticipantJoined
	late.ID, late.At = "a", at(2)
	for i, event := range []domain.Event{late, left, joined, left} {
		fresh, err := s.Inbox.Put(t.Context(), event, at(10))
		if must(t, err); fresh != (i < 3) {
			t.Errorf("%d: fresh %v", i, fresh)
		}
	}
	due := func(second, limit int, want ...domain.Event) {
		t.Helper()
		list, err := s.Inbox.Due(t.Context(), at(second), limit)
		must(t, err)
		if diff := cmp.Diff(append([]domain.Event{}, want...), list); diff != "" {
			t.Errorf("at %d (-want +got):\n%s", second, diff)
		}
	}
	due(9, 10)
	due(10, 10, joined, left, late)
	due(10, 2, joined, left)
	if list, err := s.Inbox.Due(t.Context(), at(10), 10, "q", "r"); len(list) != 0 || err != nil {
		t.Errorf("of no other room: %v, error %v", list, err)
	}
	if list, err := s.Inbox.Due(t.Context(), at(10), 10, "q"); len(list) != 3 || err != nil {
		t.Errorf("of other rooms: %v, error %v", list, err)
	}
	must(t, s.Inbox.Handled(t.Context(), joined.ID))
	must(t, s.Inbox.Postpone(t.Context(), left.ID, at(20)))
	due(19, 10, late)
	left.Attempts = 1
	due(20, 10, left, late)
	must(t, s.Inbox.Postpone(t.Context(), joined.ID, at(15))) // it is done
	due(20, 10, left, late)
	if fresh, err := s.Inbox.Put(t.Context(), joined, at(20)); fresh || err != nil {
		t.Errorf("handled, then fresh %v, error %v", fresh, err)
	}
}

func outbox(t *testing.T, s Store) {
	var letters []domain.Letter
	for i := range 3 {
		letters = append(letters, domain.Letter{ID: uuid.New(), Language: "fr-fr", To: fmt.Sprint("é@example.com ", i), Slug: "s", SenderID: uuid.New(), CreatedAt: at(i)})
		must(t, s.Outbox.Put(t.Context(), letters[i]))
	}
	due := func(when time.Time, limit int, want ...domain.Letter) {
		t.Helper()
		list, err := s.Outbox.Due(t.Context(), when, limit)
		must(t, err)
		if diff := cmp.Diff(append([]domain.Letter{}, want...), list); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	due(at(1), 10, letters[0], letters[1])
	due(at(2), 1, letters[0])
	must(t, s.Outbox.Done(t.Context(), letters[0].ID))
	must(t, s.Outbox.Postpone(t.Context(), letters[1].ID, at(10)))
	due(at(9), 10, letters[2])
	letters[1].Attempts = 1
	due(at(10), 10, letters[2], letters[1])
	due(at(0).Add(domain.LetterTTL+time.Hour), 10)
}

func outboxTurns(t *testing.T, s Store) {
	many, few := uuid.New(), uuid.New()
	write := func(sender uuid.UUID, second int) {
		must(t, s.Outbox.Put(t.Context(), domain.Letter{ID: uuid.New(), To: "a@example.com", SenderID: sender, CreatedAt: at(second)}))
	}
	for second := range 50 {
		write(many, second)
	}
	write(few, 60)
	for round := range 2 {
		list, err := s.Outbox.Due(t.Context(), at(60), 10)
		must(t, err)
		if len(list) != 2-round || list[0].SenderID != many || round == 0 && list[1].SenderID != few {
			t.Errorf("round %d: %+v", round, list)
		}
		for _, letter := range list {
			must(t, s.Outbox.Done(t.Context(), letter.ID))
		}
	}
}

func leases(t *testing.T, s Store) {
	for i, c := range []struct {
		holder     string
		now, until int
		want       bool
	}{{"a", 0, 10, true}, {"b", 9, 20, false}, {"a", 9, 12, true}, {"b", 11, 20, false}, {"b", 12, 20, true}, {"a", 13, 30, false}} {
		if got, err := s.Leases.Acquire(t.Context(), "x", c.holder, at(c.now), at(c.until)); got != c.want || err != nil {
			t.Errorf("%d: %v, error %v", i, got, err)
		}
	}
	must(t, s.Leases.Release(t.Context(), "x", "a")) // not the holder
	if got, err := s.Leases.Acquire(t.Context(), "x", "a", at(14), at(30)); got || err != nil {
		t.Errorf("taken away: %v, error %v", got, err)
	}
	must(t, s.Leases.Release(t.Context(), "x", "b"))
	if got, err := s.Leases.Acquire(t.Context(), "x", "a", at(14), at(30)); !got || err != nil {
		t.Errorf("free: %v, error %v", got, err)
	}
}
