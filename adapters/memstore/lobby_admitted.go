package memstore

import (
	"context"

	"github.com/google/uuid"

	"meet/domain"
)

// Admitted implements ports.Lobby.
func (l *Lobby) Admitted(_ context.Context, room uuid.UUID, identity string) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	q, known := l.rooms[room]
	if !known {
		return false, nil
	}
	for _, g := range q.decided {
		if g.Identity == identity && g.Status == domain.Accepted && g.until.After(l.now()) {
			return true, nil
		}
	}
	return false, nil
}
