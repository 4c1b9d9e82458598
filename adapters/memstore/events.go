package memstore

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// kept is something to be done at a time; the zero time: done.
type kept[T any] struct {
	what T
	due  time.Time
}

// Inbox implements ports.Inbox.
type Inbox struct{ *Store }

// Outbox implements ports.Outbox.
type Outbox struct{ *Store }

// Leases implements ports.Leases.
type Leases struct{ *Store }

var (
	_ ports.Inbox  = Inbox{}
	_ ports.Outbox = Outbox{}
	_ ports.Leases = Leases{}
)

// Put implements ports.Inbox.
func (s Inbox) Put(ctx context.Context, event domain.Event, now time.Time) (bool, error) {
	defer s.locked(ctx)()
	if _, there := s.events[event.ID]; there {
		return false, nil
	}
	s.events[event.ID] = kept[domain.Event]{event, now}
	return true, nil
}

// due is what is to be done by now.
func due[K comparable, T any](all map[K]kept[T], now time.Time, limit int, order func(a, b T) int) []T {
	list := []T{}
	for _, one := range all {
		if !one.due.IsZero() && !one.due.After(now) {
			list = append(list, one.what)
		}
	}
	slices.SortFunc(list, order)
	return list[:min(limit, len(list))]
}

// Due implements ports.Inbox.
func (s Inbox) Due(ctx context.Context, now time.Time, limit int, but ...string) ([]domain.Event, error) {
	defer s.locked(ctx)()
	all := due(s.events, now, len(s.events), func(a, b domain.Event) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Order(), b.Order()), cmp.Compare(a.ID, b.ID))
	})
	all = slices.DeleteFunc(all, func(event domain.Event) bool { return slices.Contains(but, event.Room) })
	return all[:min(limit, len(all))], nil
}

// Handled implements ports.Inbox.
func (s Inbox) Handled(ctx context.Context, id string) error {
	defer s.locked(ctx)()
	s.events[id] = kept[domain.Event]{}
	return nil
}

// Postpone implements ports.Inbox.
func (s Inbox) Postpone(ctx context.Context, id string, until time.Time) error {
	defer s.locked(ctx)()
	event := s.events[id]
	if event.due.IsZero() { // it is done
		return nil
	}
	event.what.Attempts, event.due = event.what.Attempts+1, until
	s.events[id] = event
	return nil
}

// Put implements ports.Outbox.
func (s Outbox) Put(ctx context.Context, letters ...domain.Letter) error {
	defer s.locked(ctx)()
	for _, letter := range letters {
		s.letters[letter.ID] = kept[domain.Letter]{letter, letter.CreatedAt}
	}
	return nil
}

// Due implements ports.Outbox.
func (s Outbox) Due(ctx context.Context, now time.Time, limit int) ([]domain.Letter, error) {
	defer s.locked(ctx)()
	maps.DeleteFunc(s.letters, func(_ uuid.UUID, l kept[domain.Letter]) bool {
		return !l.what.CreatedAt.Add(domain.LetterTTL).After(now)
	})
	all := due(s.letters, now, len(s.letters), func(a, b domain.Letter) int {
		return cmp.Or(s.letters[a.ID].due.Compare(s.letters[b.ID].due), cmp.Compare(a.ID.String(), b.ID.String()))
	})
	seen := map[uuid.UUID]bool{}
	first := slices.DeleteFunc(all, func(letter domain.Letter) bool {
		later := seen[letter.SenderID]
		seen[letter.SenderID] = true
		return later
	})
	return first[:min(limit, len(first))], nil
}

// Done implements ports.Outbox.
func (s Outbox) Done(ctx context.Context, id uuid.UUID) error {
	defer s.locked(ctx)()
	delete(s.letters, id)
	return nil
}

// Postpone implements ports.Outbox.
func (s Outbox) Postpone(ctx context.Context, id uuid.UUID, until time.Time) error {
	defer s.locked(ctx)()
	letter := s.letters[id]
	letter.what.Attempts, letter.due = letter.what.Attempts+1, until
	s.letters[id] = letter
	return nil
}

type lease struct {
	holder string
	until  time.Time
}

// Acquire implements ports.Leases.
func (s Leases) Acquire(ctx context.Context, name, holder string, now, until time.Time) (bool, error) {
	defer s.locked(ctx)()
	if held := s.leases[name]; held.holder != holder && held.until.After(now) {
		return false, nil
	}
	s.leases[name] = lease{holder, until}
	return true, nil
}

// Release implements ports.Leases.
func (s Leases) Release(ctx context.Context, name, holder string) error {
	defer s.locked(ctx)()
	if s.leases[name].holder == holder {
		delete(s.leases, name)
	}
	return nil
}
