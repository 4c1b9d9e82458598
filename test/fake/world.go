package fake

import (
	"context"
	"encoding/binary"
	"sync"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Clock stands still until it is told to move.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts at a fixed time.
func NewClock() *Clock {
	return &Clock{now: time.Date(2026, 3, 14, 15, 9, 26, 535897000, time.UTC)}
}

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Microsecond) // no two things happen at once
	return c.now
}

// Forward moves the clock.
func (c *Clock) Forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// World is a world without surprises: ids and chance follow a counter.
type World struct {
	*Clock
	mu       sync.Mutex
	count    uint64
	Warnings []string
	Deeds    []domain.Deed
}

// NewWorld starts counting at one.
func NewWorld() *World { return &World{Clock: NewClock()} }

// Surroundings are the world as use cases see it.
func (w *World) Surroundings() ports.Surroundings {
	return ports.Surroundings{Now: w.Now, NewID: w.NewID, Pick: w.Pick, Warn: w.Warn, Note: w.Note}
}

func (w *World) next() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count++
	return w.count
}

// NewID is a version 4 UUID that ends in the count.
func (w *World) NewID() uuid.UUID {
	id := uuid.UUID{6: 0x40, 8: 0x80}
	binary.BigEndian.PutUint64(id[8:], w.next()|1<<63)
	return id
}

// Pick follows the count.
func (w *World) Pick(n int) int { return int((w.next() * 2654435761 >> 8) % uint64(n)) }

// Warn keeps the message.
func (w *World) Warn(_ context.Context, message string, _ ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.Warnings = append(w.Warnings, message)
}

// Note keeps the deed.
func (w *World) Note(ctx context.Context, deed domain.Deed) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	deed.Origin = ports.OriginOf(ctx)
	w.Deeds = append(w.Deeds, deed)
	return nil
}

// Analytics implements ports.Analytics by remembering.
type Analytics struct {
	mu         sync.Mutex
	Identified []domain.User
	Tracked    []Tracked
}

// Tracked is an activity and whose it was.
type Tracked struct {
	User     domain.User
	Activity domain.Activity
}

var _ ports.Analytics = (*Analytics)(nil)

// Identify implements ports.Analytics.
func (a *Analytics) Identify(_ context.Context, user domain.User) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.Identified = append(a.Identified, user)
}

// Track implements ports.Analytics.
func (a *Analytics) Track(_ context.Context, user domain.User, activity domain.Activity) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.Tracked = append(a.Tracked, Tracked{user, activity})
}

// Names are the tracked activities in order.
func (a *Analytics) Names() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var names []string
	for _, tracked := range a.Tracked {
		names = append(names, tracked.Activity.Name)
	}
	return names
}
