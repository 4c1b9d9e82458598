package event

import (
	"context"
	"maps"
	"slices"
	"time"

	"meet/domain"
)

const (
	batch   = 100
	abreast = 4 // rooms that are looked after at a time
	glance  = leaseTime / 6
)

// Drain handles all events that are due, unless another process is at it:
// those of one room in the order in which they happened, and no room waits
// for what lasts long in another. One call at a time in each process.
func (s *Service) Drain(ctx context.Context) error {
	if events, err := s.Inbox.Due(ctx, s.world.Now(), 1); err != nil || len(events) == 0 {
		return err
	}
	return s.alone(ctx, "events", func(mine func() (bool, error)) error {
		work := &rooms{service: s, busy: map[string]bool{}, done: make(chan settled, abreast)}
		err := work.run(ctx, mine)
		for len(work.busy) > 0 {
			work.rest(<-work.done)
		}
		if err == nil {
			err = work.failed
		}
		return err
	})
}

// rooms are those whose events are being handled.
type rooms struct {
	service *Service
	busy    map[string]bool
	next    [][]domain.Event // of rooms that wait for their turn, a room each
	done    chan settled
	failed  error // of a store
}

// settled is a room with whose events somebody is done.
type settled struct {
	room string
	err  error
}

func (w *rooms) rest(one settled) {
	delete(w.busy, one.room)
	if w.failed == nil {
		w.failed = one.err
	}
}

// run begins with rooms as events of theirs are due, until none are.
func (w *rooms) run(ctx context.Context, mine func() (bool, error)) error {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for ctx.Err() == nil && w.failed == nil {
		if still, err := mine(); err != nil || !still {
			return err
		}
		if err := w.begin(ctx); err != nil || len(w.busy) == 0 {
			return err
		}
		select {
		case one := <-w.done:
			w.rest(one)
		case <-w.service.wake: // there is more, perhaps of other rooms
		case <-tick.C:
		}
	}
	return ctx.Err()
}

// begin starts with as many rooms as there is room for. It asks for more
// events once it has begun with all rooms that it knows of.
func (w *rooms) begin(ctx context.Context) error {
	if len(w.next) == 0 && len(w.busy) < abreast {
		events, err := w.service.Inbox.Due(ctx, w.service.world.Now(), batch, slices.Collect(maps.Keys(w.busy))...)
		if err != nil {
			return err
		}
		w.next = byRoom(events)
	}
	for len(w.next) > 0 && len(w.busy) < abreast {
		events := w.next[0]
		w.next = w.next[1:]
		w.busy[events[0].Room] = true
		go func() { w.done <- settled{events[0].Room, w.service.settleAll(ctx, events)} }()
	}
	return nil
}

// byRoom is the events of each room, in their order.
func byRoom(events []domain.Event) [][]domain.Event {
	var rooms [][]domain.Event
	place := map[string]int{}
	for _, event := range events {
		at, known := place[event.Room]
		if !known {
			at = len(rooms)
			place[event.Room] = at
			rooms = append(rooms, nil)
		}
		rooms[at] = append(rooms[at], event)
	}
	return rooms
}

// settleAll handles the events of one room.
func (s *Service) settleAll(ctx context.Context, events []domain.Event) error {
	for _, event := range events {
		if err := s.settle(ctx, event); err != nil {
			return err
		}
	}
	return nil
}
