package memstore

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Lobby keeps those who knocked, for a server that is one process.
type Lobby struct {
	now       ports.Clock
	mu        sync.Mutex
	rooms     map[uuid.UUID]*queue
	count     uint64
	sweep     time.Time
	followers map[uint64]func(room uuid.UUID, id string)
}

var (
	_ ports.Lobby     = (*Lobby)(nil)
	_ ports.LobbyNews = (*Lobby)(nil)
)

// queue is the lobby of one room. The waiting stand apart, so that listing
// them costs nothing for those who were let in.
type queue struct{ waiting, decided map[string]guest }

type guest struct {
	domain.LobbyEntry
	number uint64 // of arrival
	since  time.Time
	until  time.Time
	from   []domain.Network
}

// NewLobby is an empty lobby.
func NewLobby(now ports.Clock) *Lobby {
	return &Lobby{now: now, rooms: map[uuid.UUID]*queue{}, followers: map[uint64]func(uuid.UUID, string){}}
}

// find is the entry where it lives.
func (l *Lobby) find(room uuid.UUID, id string) (in map[string]guest, found guest, there bool) {
	q, known := l.rooms[room]
	if !known {
		return nil, guest{}, false
	}
	for _, in := range []map[string]guest{q.waiting, q.decided} {
		if found, there := in[id]; there && found.until.After(l.now()) {
			return in, found, true
		}
	}
	return nil, guest{}, false
}

// Poll implements ports.Lobby.
func (l *Lobby) Poll(_ context.Context, room uuid.UUID, id string, stay time.Duration) (domain.LobbyEntry, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	in, found, there := l.find(room, id)
	if there && stay > 0 && found.Status == domain.Waiting {
		found.until = l.now().Add(stay)
		in[id] = found
	}
	return found.LobbyEntry, there, nil
}

const sweepLobby = time.Minute

// Add implements ports.Lobby.
func (l *Lobby) Add(_ context.Context, room uuid.UUID, entry domain.LobbyEntry, from []domain.Network, stay time.Duration) (domain.LobbyEntry, bool, error) {
	l.mu.Lock()
	if _, found, there := l.find(room, entry.ID); there {
		l.mu.Unlock()
		return found.LobbyEntry, false, nil
	}
	l.forgetExpired()
	q, known := l.rooms[room]
	if !known {
		q = &queue{map[string]guest{}, map[string]guest{}}
		l.rooms[room] = q
	}
	if len(q.waiting) >= 2*domain.MaxWaiting { // places are kept for so many
		maps.DeleteFunc(q.waiting, func(_ string, g guest) bool { return !g.until.After(l.now()) })
	}
	if q.full(l.now(), from) {
		l.mu.Unlock()
		return domain.LobbyEntry{}, false, domain.ErrLobbyFull
	}
	l.count++
	arrived := guest{entry, l.count, l.now(), l.now().Add(stay), from}
	if before, was := q.waiting[entry.ID]; was { // and expired not long ago
		arrived.number, arrived.since = before.number, before.since
	}
	q.waiting[entry.ID] = arrived
	l.mu.Unlock()
	l.tell(room, entry.ID)
	return entry, true, nil
}

// full reports whether nobody more can wait, or nobody more of the networks.
func (q *queue) full(now time.Time, from []domain.Network) bool {
	taken, all := make([]int, len(from)), 0
	for _, g := range q.waiting {
		if !g.until.After(now) {
			continue
		}
		all++
		for i, network := range from {
			if slices.ContainsFunc(g.from, func(other domain.Network) bool { return other.Name == network.Name }) {
				taken[i]++
			}
		}
	}
	for i, network := range from {
		if network.Places > 0 && taken[i] >= network.Places {
			return true
		}
	}
	return all >= domain.MaxWaiting
}

func (l *Lobby) forgetExpired() {
	now := l.now()
	if now.Before(l.sweep) {
		return
	}
	l.sweep = now.Add(sweepLobby)
	for room, q := range l.rooms {
		maps.DeleteFunc(q.waiting, func(_ string, g guest) bool { return !g.until.Add(domain.PlaceKept).After(now) })
		maps.DeleteFunc(q.decided, func(_ string, g guest) bool { return !g.until.After(now) })
		if len(q.waiting)+len(q.decided) == 0 {
			delete(l.rooms, room)
		}
	}
}

// Decide implements ports.Lobby.
func (l *Lobby) Decide(_ context.Context, room uuid.UUID, id string, status domain.LobbyStatus, stay time.Duration) (waited time.Duration, err error) {
	l.mu.Lock()
	in, found, there := l.find(room, id)
	if !there {
		l.mu.Unlock()
		return 0, domain.ErrLobbyEntryNotFound
	}
	if found.Status == domain.Waiting {
		waited = l.now().Sub(found.since)
	}
	delete(in, id)
	found.Status, found.until = status, l.now().Add(stay)
	l.rooms[room].decided[id] = found
	l.mu.Unlock()
	l.tell(room, id)
	return waited, nil
}

// Waiting implements ports.Lobby.
func (l *Lobby) Waiting(_ context.Context, room uuid.UUID) ([]domain.LobbyEntry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	q, known := l.rooms[room]
	if !known {
		return nil, nil
	}
	now := l.now()
	guests := slices.SortedFunc(maps.Values(q.waiting), func(a, b guest) int { return cmp.Compare(a.number, b.number) })
	entries := make([]domain.LobbyEntry, 0, len(guests))
	for _, g := range guests {
		if g.until.After(now) {
			entries = append(entries, g.LobbyEntry)
		}
	}
	return entries, nil
}

// Forget implements ports.Lobby.
func (l *Lobby) Forget(_ context.Context, room uuid.UUID, identity string) error {
	var gone []string
	l.mu.Lock()
	if q, known := l.rooms[room]; known {
		for _, in := range []map[string]guest{q.waiting, q.decided} {
			maps.DeleteFunc(in, func(id string, g guest) bool {
				if id != identity && g.Identity != identity {
					return false
				}
				gone = append(gone, id)
				return true
			})
		}
	}
	l.mu.Unlock()
	for _, id := range gone {
		l.tell(room, id)
	}
	return nil
}

// Clear implements ports.Lobby.
func (l *Lobby) Clear(_ context.Context, room uuid.UUID) error {
	l.mu.Lock()
	delete(l.rooms, room)
	l.mu.Unlock()
	l.tell(room, "")
	return nil
}

// Follow implements ports.LobbyNews.
func (l *Lobby) Follow(ctx context.Context, changed func(room uuid.UUID, id string)) error {
	l.mu.Lock()
	l.count++
	number := l.count
	l.followers[number] = changed
	l.mu.Unlock()
	<-ctx.Done()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.followers, number)
	return nil
}

func (l *Lobby) tell(room uuid.UUID, id string) {
	l.mu.Lock()
	followers := slices.Collect(maps.Values(l.followers))
	l.mu.Unlock()
	for _, changed := range followers {
		changed(room, id)
	}
}
