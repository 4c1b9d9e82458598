package livekit

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"sync"

	"github.com/google/uuid"
	"github.com/livekit/protocol/livekit"
)

// announcements are what is to be told, once each.
type announcements struct {
	mu      sync.Mutex
	pending map[announcement]bool
	queue   chan announcement
}

type announcement struct{ room, notice string }

const (
	maxAnnouncements = 1024
	announcers       = 4 // calls at a time
)

func newAnnouncements() *announcements {
	return &announcements{pending: map[announcement]bool{}, queue: make(chan announcement, maxAnnouncements)}
}

// Announce implements ports.Meeting.
func (m *Meeting) Announce(ctx context.Context, room uuid.UUID, notice string) {
	a, q := announcement{room.String(), notice}, m.announced
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.pending[a] {
		return
	}
	select {
	case q.queue <- a:
		q.pending[a] = true
	default:
		slog.WarnContext(ctx, "Failed to notify room participants: too many notifications wait", "room", a.room)
	}
}

// Run sends what is announced until ctx ends.
func (m *Meeting) Run(ctx context.Context) {
	var running sync.WaitGroup
	for range announcers {
		running.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case a := <-m.announced.queue:
					m.announced.mu.Lock()
					delete(m.announced.pending, a)
					m.announced.mu.Unlock()
					if err := m.tell(ctx, a); err != nil {
						slog.WarnContext(ctx, "Failed to notify room participants", "room", a.room, "error", err)
					}
				}
			}
		})
	}
	running.Wait()
}

// tell sends the notice to everybody in the room, if it runs.
func (m *Meeting) tell(ctx context.Context, a announcement) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	running, err := m.api.rooms.ListRooms(ctx, &livekit.ListRoomsRequest{Names: []string{a.room}})
	if err != nil || len(running.GetRooms()) == 0 {
		return failure("list LiveKit rooms", err, nil)
	}
	text, err := json.Marshal(map[string]string{"type": a.notice})
	if err != nil {
		return err
	}
	nonce := make([]byte, 16)
	_, _ = rand.Read(nonce) // never fails
	_, err = m.api.rooms.SendData(ctx, &livekit.SendDataRequest{
		Room: a.room, Data: text, Kind: livekit.DataPacket_RELIABLE, Nonce: nonce,
	})
	return failure("send data", err, nil)
}
