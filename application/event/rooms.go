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
	abreast = 16 // rooms that are looked after at a time
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
		begun, err := w.begin(ctx)
		if err != nil || !begun && len(w.busy) == 0 {
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

// begin starts with as many rooms as there is room for, and tells whether
// there were any.
func (w *rooms) begin(ctx context.Context) (bool, error) {
	if len(w.busy) >= abreast {
		return true, nil
	}
	events, err := w.service.Inbox.Due(ctx, w.service.world.Now(), batch, slices.Collect(maps.Keys(w.busy))...)
	if err != nil {
		return false, err
	}
	byRoom, order := map[string][]domain.Event{}, []string{}
	for _, event := range events {
		if byRoom[event.Room] == nil {
			order = append(order, event.Room)
		}
		byRoom[event.Room] = append(byRoom[event.Room], event)
	}
	for _, room := range order[:min(len(order), abreast-len(w.busy))] {
		w.busy[room] = true
		go func() { w.done <- settled{room, w.service.settleAll(ctx, byRoom[room])} }()
	}
	return len(events) > 0, nil
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
