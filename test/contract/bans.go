package contract

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

// bansSpareOwners: somebody who is made an owner, in whatever way, is let in
// again, and owners are not kept out.
func bansSpareOwners(t *testing.T, s Store) {
	ada, bob := s.user(t, "ada", 1), s.user(t, "bob", 2)
	for name, promote := range map[string]func(context.Context, domain.Room, domain.ResourceAccess) error{
		"changed": func(ctx context.Context, _ domain.Room, access domain.ResourceAccess) error {
			_, err := s.Accesses.Update(ctx, access.ID, ada.ID, func(c *domain.AccessCase) error { c.Access.Role = domain.Owner; return nil })
			return err
		},
		"assigned": func(ctx context.Context, room domain.Room, _ domain.ResourceAccess) error {
			return s.Roles.Assign(ctx, anAccess(room, bob, domain.Owner, 3), ada.ID, func(domain.Role, domain.Role) error { return nil })
		},
		"granted": func(ctx context.Context, room domain.Room, access domain.ResourceAccess) error {
			if err := s.Accesses.Remove(ctx, access.ID, ada.ID, func(*domain.AccessCase) error { return nil }); err != nil {
				return err
			}
			return s.Accesses.Add(ctx, anAccess(room, bob, domain.Owner, 3), ada.ID, anybody)
		},
	} {
		room := s.room(t, name, ada)
		access := s.grant(t, room, bob, domain.Administrator, 1)
		ban := func() {
			must(t, s.Bans.Add(t.Context(), domain.Ban{RoomID: room.ID, Identity: bob.Sub, UserID: bob.ID, CreatedAt: at(1)}))
		}
		must(t, s.Bans.Add(t.Context(), domain.Ban{RoomID: room.ID, Identity: "stranger", CreatedAt: at(1)}))
		ban()
		var both sync.WaitGroup
		both.Go(ban) // by somebody who does not know yet
		both.Go(func() {
			if err := promote(context.WithoutCancel(t.Context()), room, access); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
		both.Wait()
		ban()
		view, err := s.view(t.Context(), room, bob.ID)
		must(t, err)
		list, err := s.Bans.List(t.Context(), room.ID)
		if view.Banned || view.Role != domain.Owner || len(list) != 1 || list[0].Identity != "stranger" || err != nil {
			t.Errorf("%s: %q, banned %v, bans %v, error %v", name, view.Role, view.Banned, list, err)
		}
	}
}

// bansEnd: where no meeting is known to run, no token is left that a ban
// would have to outlive.
func bansEnd(t *testing.T, s Store) {
	ada := s.user(t, "ada", 1)
	running, over := s.room(t, "one", ada), s.room(t, "two", ada)
	must(t, s.Attendance.Meet(t.Context(), domain.Meeting{SID: "RM_1", Room: running.ID.String(), StartedAt: at(0)}, at(0)))
	end := at(1)
	must(t, s.Attendance.Meet(t.Context(), domain.Meeting{SID: "RM_2", Room: over.ID.String(), StartedAt: at(0), EndedAt: &end}, at(1)))
	for _, room := range []uuid.UUID{running.ID, over.ID} {
		must(t, s.Bans.Add(t.Context(), domain.Ban{RoomID: room, Identity: "x", CreatedAt: at(2)}))
	}
	expect := func(now time.Time, stays bool) {
		t.Helper()
		must(t, s.Sweeper.Sweep(t.Context(), now))
		for room, want := range map[uuid.UUID]bool{running.ID: true, over.ID: stays} {
			if has, err := s.Bans.Has(t.Context(), room, "x"); has != want || err != nil {
				t.Errorf("running %v: banned %v, error %v", room == running.ID, has, err)
			}
		}
	}
	expect(at(2).Add(domain.TokenLife-time.Second), true)
	expect(at(2).Add(domain.TokenLife), false)
}
