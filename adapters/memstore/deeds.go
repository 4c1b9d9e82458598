package memstore

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Deeds implements ports.Deeds.
type Deeds struct{ *Store }

var _ ports.Deeds = Deeds{}

// Add implements ports.Deeds.
func (s Deeds) Add(ctx context.Context, deed domain.Deed) error {
	defer s.locked(ctx)()
	deed.Details = maps.Clone(deed.Details)
	s.deeds[deed.ID] = domain.SealedDeed{Deed: deed}
	return nil
}

// Unsealed implements ports.Deeds.
func (s Deeds) Unsealed(ctx context.Context, limit int) ([]domain.Deed, error) {
	defer s.locked(ctx)()
	open := []domain.Deed{}
	for _, deed := range s.deeds {
		if deed.Number == 0 {
			open = append(open, deed.Deed)
		}
	}
	slices.SortFunc(open, func(a, b domain.Deed) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID.String(), b.ID.String()))
	})
	return open[:min(limit, len(open))], nil
}

// Sealed implements ports.Deeds.
func (s Deeds) Sealed(ctx context.Context, room uuid.UUID, after int64, limit int) ([]domain.SealedDeed, error) {
	defer s.locked(ctx)()
	sealed := []domain.SealedDeed{}
	for _, deed := range s.deeds {
		if deed.Number > after && (room == uuid.Nil || deed.Room == room) {
			sealed = append(sealed, deed)
		}
	}
	slices.SortFunc(sealed, func(a, b domain.SealedDeed) int { return cmp.Compare(a.Number, b.Number) })
	return sealed[:min(limit, len(sealed))], nil
}

// Last implements ports.Deeds.
func (s Deeds) Last(ctx context.Context) (domain.Seal, error) {
	defer s.locked(ctx)()
	var last domain.Seal
	for _, deed := range s.deeds {
		if deed.Number > last.Number {
			last = deed.Seal
		}
	}
	return last, nil
}

// Seal implements ports.Deeds.
func (s Deeds) Seal(ctx context.Context, id uuid.UUID, seal domain.Seal) error {
	defer s.locked(ctx)()
	deed, known := s.deeds[id]
	if !known || deed.Number > 0 {
		return errors.New("no such deed without a seal")
	}
	for _, other := range s.deeds {
		if other.Number == seal.Number {
			return errors.New("the number is taken")
		}
	}
	deed.Seal = seal
	s.deeds[id] = deed
	return nil
}

// Outdated implements ports.Deeds.
func (s Deeds) Outdated(ctx context.Context, before time.Time, limit int) (domain.Seal, error) {
	defer s.locked(ctx)()
	young, first, worthwhile := int64(math.MaxInt64), int64(math.MaxInt64), false
	for _, deed := range s.deeds {
		if deed.Number == 0 {
			continue
		}
		first = min(first, deed.Number)
		if !deed.At.Before(before) {
			young = min(young, deed.Number)
		} else if deed.Action != domain.RecordForgotten {
			worthwhile = true
		}
	}
	var last domain.Seal
	for _, deed := range s.deeds {
		if worthwhile && deed.Number < young && deed.Number < first+int64(limit) && deed.Number > last.Number {
			last = deed.Seal
		}
	}
	return last, nil
}

// Forget implements ports.Deeds.
func (s Deeds) Forget(ctx context.Context, number int64) error {
	defer s.locked(ctx)()
	var newest, allowed int64
	for _, deed := range s.deeds {
		if forgotten, is := deed.Forgotten(); is && deed.Number > newest {
			newest, allowed = deed.Number, forgotten.Last.Number
		}
	}
	if number > allowed {
		return errors.New("what was done stays written down")
	}
	maps.DeleteFunc(s.deeds, func(_ uuid.UUID, deed domain.SealedDeed) bool { return deed.Number > 0 && deed.Number <= number })
	return nil
}

// Guarded implements ports.Deeds.
func (s Deeds) Guarded(context.Context) (bool, error) { return true, nil }
