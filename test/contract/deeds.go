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

func aDeed(room uuid.UUID, second int) domain.Deed {
	return domain.Deed{
		ID: uuid.New(), At: at(second), Actor: uuid.New(), Action: domain.RoleAssigned, Room: room, Subject: "Zoé's identity",
		Details: map[string]string{"role": "owner", "quote": `"'`}, Origin: domain.Origin{Address: "2001:db8::1", RequestID: "request"},
	}
}

func deeds(t *testing.T, s Store) {
	room := uuid.New()
	later, first, bare := aDeed(room, 2), aDeed(room, 1), domain.Deed{ID: uuid.New(), At: at(3), Action: domain.DeviceJoined}
	for _, deed := range []domain.Deed{later, first, bare} {
		must(t, s.Deeds.Add(t.Context(), deed))
	}
	open, err := s.Deeds.Unsealed(t.Context(), 10)
	must(t, err)
	same := cmpopts.EquateEmpty()
	if diff := cmp.Diff([]domain.Deed{first, later, bare}, open, same); diff != "" {
		t.Errorf("unsealed deeds: %s", diff)
	}
	if last, err := s.Deeds.Last(t.Context()); err != nil || last != (domain.Seal{}) {
		t.Errorf("before the first seal: %v, %v", last, err)
	}
	var last domain.Seal
	for _, deed := range open {
		last = deed.Seal(last)
		must(t, s.Deeds.Seal(t.Context(), deed.ID, last))
	}
	if kept, err := s.Deeds.Last(t.Context()); err != nil || kept != last {
		t.Errorf("the newest seal: %v, %v", kept, err)
	}
	all, err := s.Deeds.Sealed(t.Context(), uuid.Nil, 0, 10)
	must(t, err)
	var before domain.Seal
	for i, deed := range all {
		if before = deed.Deed.Seal(before); before != deed.Seal {
			t.Errorf("deed %d came back otherwise: %+v", i, deed)
		}
	}
	if some, err := s.Deeds.Sealed(t.Context(), room, 1, 10); err != nil || len(all) != 3 || len(some) != 1 || some[0].ID != later.ID {
		t.Errorf("of the room, after the first: %v, %v", some, err)
	}
	if s.Deeds.Seal(t.Context(), first.ID, domain.Seal{Number: 9, Digest: "x"}) == nil {
		t.Error("a deed was sealed twice")
	}
	another := aDeed(room, 4)
	must(t, s.Deeds.Add(t.Context(), another))
	if s.Deeds.Seal(t.Context(), another.ID, domain.Seal{Number: 1, Digest: "x"}) == nil {
		t.Error("two deeds have one number")
	}
}

func deedsForgotten(t *testing.T, s Store) {
	var last domain.Seal
	seal := func(second int) domain.Deed {
		deed := aDeed(uuid.New(), second)
		must(t, s.Deeds.Add(t.Context(), deed))
		last = deed.Seal(last)
		must(t, s.Deeds.Seal(t.Context(), deed.ID, last))
		return deed
	}
	left := func() (ids []uuid.UUID) {
		deeds, err := s.Deeds.Sealed(t.Context(), uuid.Nil, 0, 10)
		must(t, err)
		for _, deed := range deeds {
			ids = append(ids, deed.ID)
		}
		return ids
	}
	first := seal(1)
	must(t, s.Deeds.Add(t.Context(), aDeed(uuid.New(), 2)))
	young, late := seal(30), seal(3) // what was written late is no hole
	if s.Deeds.Forget(t.Context(), 1) == nil {
		t.Error("a deed was deleted, and nothing says so")
	}
	forget := func(second int, upTo int64) domain.Deed {
		outdated, err := s.Deeds.Outdated(t.Context(), at(second), 10)
		if err != nil || outdated.Number != upTo {
			t.Fatalf("before second %d: outdated up to %v, %v", second, outdated, err)
		}
		deed := domain.Forgotten{Last: outdated, Before: at(second)}.Deed(uuid.New(), at(50))
		must(t, s.Deeds.Add(t.Context(), deed))
		last = deed.Seal(last)
		must(t, s.Deeds.Seal(t.Context(), deed.ID, last))
		must(t, s.Deeds.Forget(t.Context(), upTo))
		return deed
	}
	if nothing, err := s.Deeds.Outdated(t.Context(), first.At, 10); err != nil || nothing != (domain.Seal{}) {
		t.Errorf("outdated are %v, %v", nothing, err)
	}
	once := forget(10, 1)
	if diff := cmp.Diff([]uuid.UUID{young.ID, late.ID, once.ID}, left()); diff != "" {
		t.Error(diff)
	}
	if some, err := s.Deeds.Outdated(t.Context(), at(100), 2); err != nil || some.Number != 3 {
		t.Errorf("of 2 to 4, two at most: up to %v, %v", some.Number, err)
	}
	twice := forget(100, 4)
	if diff := cmp.Diff([]uuid.UUID{twice.ID}, left()); diff != "" {
		t.Errorf("the newest says that the others are forgotten: %s", diff)
	}
	if nothing, err := s.Deeds.Outdated(t.Context(), at(200), 10); err != nil || nothing != (domain.Seal{}) {
		t.Errorf("forgetting alone is worth no more of it: %v, %v", nothing, err)
	}
	if kept, err := s.Deeds.Last(t.Context()); err != nil || kept != last {
		t.Errorf("the newest seal: %v, %v", kept, err)
	}
	nobodyElseForgets(t, s)
}

// nobodyElseForgets looks at what guards the deeds.
func nobodyElseForgets(t *testing.T, s Store) {
	t.Helper()
	if guarded, err := s.Deeds.Guarded(t.Context()); err != nil || !guarded {
		t.Errorf("guarded: %v, %v", guarded, err)
	}
	if unsealed, err := s.Deeds.Unsealed(t.Context(), 10); err != nil || len(unsealed) != 1 {
		t.Errorf("unsealed are %v, %v", unsealed, err)
	}
}

// deedsForgottenOften forgets after a year in which much was forgotten.
func deedsForgottenOften(t *testing.T, s Store) {
	const many = 4000
	var last domain.Seal
	must(t, s.Atomically(t.Context(), func(ctx context.Context) error {
		for range many / 2 {
			for _, deed := range []domain.Deed{aDeed(uuid.New(), 1), domain.Forgotten{Before: at(0)}.Deed(uuid.New(), at(1))} {
				must(t, s.Deeds.Add(ctx, deed))
				last = domain.Seal{Number: last.Number + 1, Digest: deed.ID.String()}
				must(t, s.Deeds.Seal(ctx, deed.ID, last))
			}
		}
		deed := domain.Forgotten{Last: last, Before: at(1)}.Deed(uuid.New(), at(2))
		must(t, s.Deeds.Add(ctx, deed))
		return s.Deeds.Seal(ctx, deed.ID, domain.Seal{Number: last.Number + 1, Digest: "x"})
	}))
	begun := time.Now()
	must(t, s.Deeds.Forget(t.Context(), last.Number))
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("%d deeds were forgotten in %v", many, took)
	}
}

func deedsAtomic(t *testing.T, s Store) {
	refused := errors.New("refused")
	err := s.Atomically(t.Context(), func(ctx context.Context) error {
		must(t, s.Deeds.Add(ctx, aDeed(uuid.New(), 1)))
		return refused
	})
	if left, failed := s.Deeds.Unsealed(t.Context(), 1); !errors.Is(err, refused) || failed != nil || len(left) > 0 {
		t.Errorf("left is %v, errors %v %v", left, err, failed)
	}
}
