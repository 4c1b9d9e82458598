package lobby

import (
	"sync"

	"github.com/google/uuid"
)

// bell wakes those who wait for a change. Nobody who waits costs anything
// until it rings.
type bell struct {
	mu     sync.Mutex
	ears   map[topic]map[chan struct{}]bool
	closed chan struct{}
	once   sync.Once
}

// topic is an entry of a room's lobby, or with id "" the room's list.
type topic struct {
	room uuid.UUID
	id   string
}

func newBell() *bell {
	return &bell{ears: map[topic]map[chan struct{}]bool{}, closed: make(chan struct{})}
}

// listen returns a channel that holds something once the topic has changed
// since the call.
func (b *bell) listen(t topic) (rung <-chan struct{}, stop func()) {
	ear := make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ears[t] == nil {
		b.ears[t] = map[chan struct{}]bool{}
	}
	b.ears[t][ear] = true
	return ear, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.ears[t], ear)
		if len(b.ears[t]) == 0 {
			delete(b.ears, t)
		}
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
	for ear := range b.ears[t] {
		select {
		case ear <- struct{}{}:
		default: // it has not heard the last ring yet
		}
	}
}

func (b *bell) close() { b.once.Do(func() { close(b.closed) }) }
