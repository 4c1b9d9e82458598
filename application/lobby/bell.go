package lobby

import (
	"slices"
	"sync"

	"github.com/google/uuid"
)

// bell wakes those who wait for a change. Nobody who waits costs anything
// until it rings.
type bell struct {
	mu     sync.Mutex
	ears   map[topic][]chan struct{}
	closed chan struct{}
	once   sync.Once
}

// topic is an entry of a room's lobby, or with id "" the room's list.
type topic struct {
	room uuid.UUID
	id   string
}

func newBell() *bell {
	return &bell{ears: map[topic][]chan struct{}{}, closed: make(chan struct{})}
}

// listen returns a channel that holds something once the topic has changed
// since the call.
func (b *bell) listen(t topic) (rung <-chan struct{}, stop func()) {
	ear := make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ears[t] = append(b.ears[t], ear)
	return ear, func() { b.ignore(t, ear) }
}

func (b *bell) ignore(t topic, ear chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	rest := slices.DeleteFunc(b.ears[t], func(other chan struct{}) bool { return other == ear })
	if b.ears[t] = rest; len(rest) == 0 {
		delete(b.ears, t)
	}
}

// ring wakes the entry's and the list's listeners; with id "" everybody's of
// the room, with uuid.Nil everybody's.
func (b *bell) ring(room uuid.UUID, id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if room != uuid.Nil && id != "" {
		b.wake(topic{room, id})
		b.wake(topic{room, ""})
		return
	}
	for t := range b.ears {
		if room == uuid.Nil || t.room == room {
			b.wake(t)
		}
	}
}

func (b *bell) wake(t topic) {
	for _, ear := range b.ears[t] {
		select {
		case ear <- struct{}{}:
		default: // it has not heard the last ring yet
		}
	}
}

func (b *bell) close() { b.once.Do(func() { close(b.closed) }) }
