// Package memstore keeps the application's collections in memory, for tests
// and as the plainest statement of what a store promises.
package memstore

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Store holds everything behind one lock.
type Store struct {
	mu sync.Mutex
	tables
}

type tables struct {
	users      map[uuid.UUID]domain.User
	rooms      map[uuid.UUID]domain.Room
	accesses   map[uuid.UUID]domain.ResourceAccess
	sessions   map[string]domain.Session
	marks      map[string]time.Time
	callbacks  map[string]callback
	bans       map[banKey]domain.Ban
	revoked    map[uuid.UUID]time.Time // until when tokens are void
	events     map[string]kept[domain.Event]
	letters    map[uuid.UUID]kept[domain.Letter]
	meetings   map[string]written[domain.Meeting]
	presences  map[string]written[domain.Presence]
	leases     map[string]lease
	recordings map[string]domain.Recording // by egress
	deeds      map[uuid.UUID]domain.SealedDeed
}

type callback struct {
	slug  string
	until time.Time
}

// New is an empty store.
func New() *Store {
	return &Store{tables: tables{
		users: map[uuid.UUID]domain.User{}, rooms: map[uuid.UUID]domain.Room{},
		accesses: map[uuid.UUID]domain.ResourceAccess{}, sessions: map[string]domain.Session{},
		marks: map[string]time.Time{}, callbacks: map[string]callback{},
		bans: map[banKey]domain.Ban{}, revoked: map[uuid.UUID]time.Time{}, events: map[string]kept[domain.Event]{}, letters: map[uuid.UUID]kept[domain.Letter]{},
		meetings: map[string]written[domain.Meeting]{}, presences: map[string]written[domain.Presence]{}, leases: map[string]lease{},
		recordings: map[string]domain.Recording{}, deeds: map[uuid.UUID]domain.SealedDeed{},
	}}
}

func (t tables) clone() tables {
	return tables{
		users: maps.Clone(t.users), rooms: maps.Clone(t.rooms), accesses: maps.Clone(t.accesses),
		sessions: maps.Clone(t.sessions), marks: maps.Clone(t.marks),
		callbacks: maps.Clone(t.callbacks), bans: maps.Clone(t.bans), revoked: maps.Clone(t.revoked), events: maps.Clone(t.events), letters: maps.Clone(t.letters),
		meetings: maps.Clone(t.meetings), presences: maps.Clone(t.presences), leases: maps.Clone(t.leases),
		recordings: maps.Clone(t.recordings), deeds: maps.Clone(t.deeds),
	}
}

type lockedKey struct{}

// Atomically implements ports.Atomically.
func (s *Store) Atomically(ctx context.Context, fn func(ctx context.Context) error) error {
	if ctx.Value(lockedKey{}) == s {
		return fn(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.clone()
	err := fn(context.WithValue(ctx, lockedKey{}, s))
	if err != nil {
		s.tables = before
	}
	return err
}

// locked takes the lock unless the context's transaction holds it already.
func (s *Store) locked(ctx context.Context) (unlock func()) {
	if ctx.Value(lockedKey{}) == s {
		return func() {}
	}
	s.mu.Lock()
	return s.mu.Unlock
}

func page[T any](all []T, p domain.Page) (domain.Listing[T], error) {
	offset, err := p.Offset(len(all))
	if err != nil {
		return domain.Listing[T]{Count: len(all)}, err
	}
	end := min(len(all), offset+p.Size)
	return domain.Listing[T]{Items: all[offset:end], Count: len(all)}, nil
}

var (
	_ ports.Atomically = (*Store)(nil).Atomically
	_ ports.Sweeper    = (*Store)(nil)
)

// Ping is nil: memory is always there.
func (s *Store) Ping(context.Context) error { return nil }

// Sweep implements ports.Sweeper.
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	defer s.locked(ctx)()
	maps.DeleteFunc(s.sessions, func(_ string, v domain.Session) bool { return !v.ExpiresAt.After(now) })
	maps.DeleteFunc(s.marks, func(_ string, v time.Time) bool { return !v.After(now) })
	maps.DeleteFunc(s.revoked, func(_ uuid.UUID, until time.Time) bool { return !until.After(now) })
	maps.DeleteFunc(s.callbacks, func(_ string, v callback) bool { return !v.until.After(now) })
	s.endBans(now)
	return nil
}
