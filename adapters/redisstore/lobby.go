package redisstore

import (
	"context"
	_ "embed"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"meet/domain"
	"meet/ports"
)

// Lobby keeps those who knocked. Each entry is a hash that expires; two sorted
// sets per room name the waiting, by arrival, and all entries, by expiry. All
// keys of a room share a hash tag, so they live on one node of a cluster.
type Lobby struct {
	redis  redis.UniversalClient
	prefix string
}

var (
	_ ports.Lobby     = (*Lobby)(nil)
	_ ports.LobbyNews = (*Lobby)(nil)
)

// NewLobby is the lobby whose keys begin with the prefix.
func NewLobby(client redis.UniversalClient, prefix string) *Lobby { return &Lobby{client, prefix} }

var (
	//go:embed lobby/poll.lua
	pollText string
	//go:embed lobby/add.lua
	addText string
	//go:embed lobby/decide.lua
	decideText string
	//go:embed lobby/waiting.lua
	waitingText string
	//go:embed lobby/admitted.lua
	admittedText string
	//go:embed lobby/forget.lua
	forgetText string

	poll    = redis.NewScript(pollText)
	add     = redis.NewScript(addText)
	decide  = redis.NewScript(decideText)
	waiting = redis.NewScript(waitingText)
	forget  = redis.NewScript(forgetText)

	admitted = redis.NewScript(admittedText)
)

// keys are the two sorted sets of the room and the start of its entries' keys.
func (l *Lobby) keys(room uuid.UUID) []string {
	base := l.prefix + ":{" + room.String() + "}:"
	return []string{base + "waiting", base + "all", base + "entry:"}
}

func (l *Lobby) channel() string { return l.prefix + ":changes" }

// entry reads what the scripts answer for one.
func entry(fields []string) (domain.LobbyEntry, bool) {
	if len(fields) != 5 {
		return domain.LobbyEntry{}, false
	}
	return domain.LobbyEntry{
		ID: fields[0], Username: fields[1], Color: fields[2], Status: domain.LobbyStatus(fields[3]), Identity: fields[4],
	}, true
}

// Poll implements ports.Lobby.
func (l *Lobby) Poll(ctx context.Context, room uuid.UUID, id string, stay time.Duration) (domain.LobbyEntry, bool, error) {
	fields, err := poll.Run(ctx, l.redis, l.keys(room), id, stay.Milliseconds()).StringSlice()
	found, there := entry(fields)
	return found, there, away(err)
}

// Add implements ports.Lobby.
func (l *Lobby) Add(ctx context.Context, room uuid.UUID, e domain.LobbyEntry, from []domain.Network, stay time.Duration) (domain.LobbyEntry, bool, error) {
	arguments := []any{
		e.ID, stay.Milliseconds(), e.Username, e.Color, string(e.Status), e.Identity,
		l.channel(), room.String(), domain.MaxWaiting, domain.PlaceKept.Milliseconds(),
	}
	keys := l.keys(room)
	entries := keys[2]
	keys = append(keys, entries+e.ID)
	for _, network := range from {
		if network.Places > 0 {
			keys, arguments = append(keys, entries+"from:"+network.Name), append(arguments, network.Places)
		}
	}
	fields, err := add.Run(ctx, l.redis, keys, arguments...).StringSlice()
	if err != nil {
		return domain.LobbyEntry{}, false, away(err)
	}
	if len(fields) == 1 {
		return domain.LobbyEntry{}, false, domain.ErrLobbyFull
	}
	if kept, there := entry(fields); there {
		return kept, false, nil
	}
	return e, true, nil
}

// Decide implements ports.Lobby.
func (l *Lobby) Decide(ctx context.Context, room uuid.UUID, id string, status domain.LobbyStatus, stay time.Duration) (waited time.Duration, err error) {
	microseconds, err := decide.Run(ctx, l.redis, l.keys(room), id, stay.Milliseconds(), string(status), l.channel(), room.String()).Int64()
	if err == nil && microseconds < 0 {
		return 0, domain.ErrLobbyEntryNotFound
	}
	return time.Duration(microseconds) * time.Microsecond, away(err)
}

// Waiting implements ports.Lobby.
func (l *Lobby) Waiting(ctx context.Context, room uuid.UUID) ([]domain.LobbyEntry, error) {
	rows, err := waiting.Run(ctx, l.redis, l.keys(room), domain.PlaceKept.Milliseconds()).Slice()
	var entries []domain.LobbyEntry
	for _, row := range rows {
		var fields []string
		list, _ := row.([]any)
		for _, field := range list {
			text, _ := field.(string)
			fields = append(fields, text)
		}
		if e, there := entry(fields); there {
			entries = append(entries, e)
		}
	}
	return entries, away(err)
}

// Admitted implements ports.Lobby.
func (l *Lobby) Admitted(ctx context.Context, room uuid.UUID, identity string) (bool, error) {
	found, err := admitted.Run(ctx, l.redis, l.keys(room), identity, string(domain.Accepted)).Int64()
	return found == 1, away(err)
}

// Forget implements ports.Lobby.
func (l *Lobby) Forget(ctx context.Context, room uuid.UUID, identity string) error {
	return away(forget.Run(ctx, l.redis, l.keys(room), identity, l.channel(), room.String()).Err())
}

// Clear implements ports.Lobby.
func (l *Lobby) Clear(ctx context.Context, room uuid.UUID) error {
	return away(forget.Run(ctx, l.redis, l.keys(room), "", l.channel(), room.String()).Err())
}

// Follow implements ports.LobbyNews. After a lost connection it reports that
// anything may have changed.
func (l *Lobby) Follow(ctx context.Context, changed func(room uuid.UUID, id string)) error {
	subscription := l.redis.Subscribe(ctx, l.channel())
	defer func() { _ = subscription.Close() }()
	news := subscription.ChannelWithSubscriptions()
	for {
		select {
		case <-ctx.Done():
			return nil
		case item, open := <-news:
			if !open {
				return errUnavailable
			}
			message, is := item.(*redis.Message)
			if !is {
				changed(uuid.Nil, "")
				continue
			}
			name, id, _ := strings.Cut(message.Payload, " ")
			if room, err := uuid.Parse(name); err == nil {
				changed(room, id)
			}
		}
	}
}
