package metrics

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Tokens counts what next signs.
func (r *Registry) Tokens(next ports.Tokens) ports.Tokens { return countedTokens{next, r} }

type countedTokens struct {
	ports.Tokens
	registry *Registry
}

// Sign implements ports.Tokens.
func (t countedTokens) Sign(grant domain.Grant) (string, error) {
	token, err := t.Tokens.Sign(grant)
	if err == nil {
		t.registry.tokens.Inc()
	}
	return token, err
}

// Lobby counts who knocks at next and what becomes of them.
func (r *Registry) Lobby(next ports.Lobby) ports.Lobby { return countedLobby{next, r} }

type countedLobby struct {
	ports.Lobby
	registry *Registry
}

// Add implements ports.Lobby.
func (l countedLobby) Add(ctx context.Context, room uuid.UUID, entry domain.LobbyEntry, from []domain.Network, stay time.Duration) (domain.LobbyEntry, bool, error) {
	kept, added, err := l.Lobby.Add(ctx, room, entry, from, stay)
	switch {
	case added:
		l.registry.knocks.WithLabelValues("waiting").Inc()
	case errors.Is(err, domain.ErrLobbyFull):
		l.registry.knocks.WithLabelValues("full").Inc()
	}
	return kept, added, err
}

// Decide implements ports.Lobby.
func (l countedLobby) Decide(ctx context.Context, room uuid.UUID, id string, status domain.LobbyStatus, stay time.Duration) (time.Duration, error) {
	waited, err := l.Lobby.Decide(ctx, room, id, status, stay)
	if err == nil {
		l.registry.decisions.WithLabelValues(string(status)).Inc()
	}
	if waited > 0 {
		l.registry.waits.Observe(waited.Seconds())
	}
	return waited, err
}

// Inbox counts the events that next keeps.
func (r *Registry) Inbox(next ports.Inbox) ports.Inbox { return countedInbox{next, r} }

type countedInbox struct {
	ports.Inbox
	registry *Registry
}

// Put implements ports.Inbox.
func (i countedInbox) Put(ctx context.Context, event domain.Event, now time.Time) (bool, error) {
	fresh, err := i.Inbox.Put(ctx, event, now)
	switch {
	case err != nil:
	case fresh:
		i.registry.events.WithLabelValues("fresh").Inc()
		i.registry.lag.Observe(max(0, now.Sub(event.At).Seconds()))
	default:
		i.registry.events.WithLabelValues("duplicate").Inc()
	}
	return fresh, err
}
