// Package event is what happens when LiveKit reports something, and how we
// find out what it did not report.
package event

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"meet/ports"
)

// Service knows what goes on in the media server.
type Service struct {
	Stores
	LiveKit
	world  ports.Surroundings
	rules  Rules
	wake   chan struct{}
	silent sync.Once // about telephony that is not there
	me     string    // names this process among those that share the inbox
}

// Stores are what is kept.
type Stores struct {
	Inbox      ports.Inbox
	Attendance ports.Attendance
	Leases     ports.Leases
	Rooms      ports.Rooms
	Entries    ports.Lobby
	Bans       ports.Bans
	Accounts   ports.Accounts
	Recordings ports.Recordings

	Revocations ports.Revocations
}

// LiveKit is what is done in the media server.
type LiveKit struct {
	Webhooks ports.Webhooks
	Meeting  ports.Meeting
	People   ports.Participants
	DialIn   ports.DialIn
	Agents   ports.Agents
	Egresses ports.Egresses
}

// Rules are an instance's choices about events.
type Rules struct {
	TestPrefix string         // rooms of connection tests begin with it
	TestAge    time.Duration  // after which such rooms are closed
	Filter     *regexp.Regexp // searched in the names of rooms that are not registered; nil lets all pass
	DialIn     bool           // telephones or meeting-room devices are let in
	Retention  time.Duration  // of attendance; 0 keeps it for ever

	EgressCompletes bool // the end of an egress completes its recording
}

// New wires the service.
func New(stores Stores, livekit LiveKit, world ports.Surroundings, rules Rules) *Service {
	return &Service{Stores: stores, LiveKit: livekit, world: world, rules: rules, wake: make(chan struct{}, 1), me: world.NewID().String()}
}

// Receive keeps what LiveKit reports; it is handled soon after, by Drain. It
// fails with a domain.Error of kind Invalid when LiveKit did not sign it; the
// body of what LiveKit did not sign is not read.
func (s *Service) Receive(ctx context.Context, authorization string, body func() ([]byte, error)) error {
	event, err := s.Webhooks.Event(authorization, body)
	if err != nil {
		return fmt.Errorf("receive event: %w", err)
	}
	ignored, err := s.ignored(ctx, event.Room)
	if err != nil {
		return fmt.Errorf("receive event: %w", err)
	}
	if ignored {
		return nil
	}
	fresh, err := s.Inbox.Put(ctx, event, s.world.Now())
	if err != nil {
		return fmt.Errorf("receive event: %w", err)
	}
	if fresh {
		s.ring()
	}
	return nil
}

func (s *Service) ring() {
	select {
	case s.wake <- struct{}{}:
	default: // somebody will look soon anyway
	}
}

// ignored reports whether the room, by its LiveKit name, is none of our
// business. Registered rooms always are ours: bans in them have to end, and
// their doors to be watched.
func (s *Service) ignored(ctx context.Context, room string) (bool, error) {
	test := s.rules.TestPrefix != "" && strings.HasPrefix(room, s.rules.TestPrefix)
	if !test && (s.rules.Filter == nil || s.rules.Filter.MatchString(room)) {
		return false, nil
	}
	id, is := roomID(room)
	if !is {
		return true, nil
	}
	view, deleted, err := s.registered(ctx, id)
	return view == nil && !deleted, err
}

// Fresh holds something when there are events to drain.
func (s *Service) Fresh() <-chan struct{} { return s.wake }
