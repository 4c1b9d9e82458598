package fault

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"meet/test/postgres"
	"meet/test/process"
	"meet/test/redis"
)

// rounds is how often servers are killed: FAULT_ROUNDS, or few.
func rounds(t testing.TB) int {
	t.Helper()
	text := os.Getenv("FAULT_ROUNDS")
	if text == "" {
		return 20
	}
	number, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("FAULT_ROUNDS: %v", err)
	}
	return number
}

// ledger is what was acknowledged.
type ledger struct {
	mu     sync.Mutex
	levels map[string]string // by slug
	events []string
	done   atomic.Int64
}

func (l *ledger) room(slug, level string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.levels[slug] = level
	l.done.Add(1)
}

func (l *ledger) event(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, id)
	l.done.Add(1)
}

// TestNoAcknowledgedWriteIsLost kills servers while people write through them.
func TestNoAcknowledgedWriteIsLost(t *testing.T) {
	database := postgres.URL(t)
	list := servers(t, 2, database, map[string]string{"REDIS_URL": redis.Start(t).URL})
	ada := browser(t, list[0])
	bob := at(t, list[1], ada)
	friend := otherPerson(t, list[0])
	var addresses []string
	for _, server := range list {
		addresses = append(addresses, server.Address)
	}
	written := &ledger{levels: map[string]string{}}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var all sync.WaitGroup
	for i := range 4 {
		w := &writer{t: t, ctx: ctx, addresses: addresses, header: bob.Headers(), ledger: written, name: fmt.Sprint("w", i), friend: friend}
		all.Go(w.rooms)
	}
	for range 2 {
		w := &writer{t: t, ctx: ctx, addresses: addresses, ledger: written}
		all.Go(w.events)
	}
	for i := range rounds(t) {
		victim := list[i%len(list)]
		before := written.done.Load()
		until(t, "work goes on", func() bool { return written.done.Load() > before+int64(5+rand.IntN(20)) || t.Failed() })
		victim.Kill()
		victim.Start()
	}
	cancel()
	all.Wait()
	check(t, database, written)
}

// otherPerson is the id of somebody else who has signed in once.
func otherPerson(t testing.TB, server *process.Process) string {
	t.Helper()
	c := at(t, server, browser(t, server))
	c.SignIn("demo-bob")
	id, _ := c.Must(http.StatusOK, http.MethodGet, "/users/me/", nil)["id"].(string)
	return id
}

// check compares the database with what was acknowledged.
func check(t *testing.T, database string, written *ledger) {
	t.Helper()
	db, err := sql.Open("postgres", database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	count := func(query string, args ...any) (n int) {
		if err := db.QueryRow(query, args...).Scan(&n); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return n
	}
	for slug, level := range written.levels {
		var stored string
		if err := db.QueryRow(`SELECT access_level FROM meet_room WHERE slug = $1`, slug).Scan(&stored); err != nil || stored != level {
			t.Errorf("room %s: acknowledged is %s, stored %s, %v", slug, level, stored, err)
		}
		accesses := count(`SELECT COUNT(*) FROM meet_resource_access a JOIN meet_room r ON r.resource_id = a.resource_id WHERE r.slug = $1`, slug)
		if accesses != 2 {
			t.Errorf("room %s has %d accesses", slug, accesses)
		}
	}
	for _, id := range written.events {
		if stored := count(`SELECT COUNT(*) FROM meet_server_event WHERE id = $1`, id); stored != 1 {
			t.Errorf("event %s is stored %d times", id, stored)
		}
	}
	t.Logf("%d rooms, %d events", len(written.levels), len(written.events))
	for query, want := range map[string]int{
		`SELECT COUNT(*) FROM meet_room r WHERE NOT EXISTS (SELECT 1 FROM meet_resource_access a WHERE a.resource_id = r.resource_id AND a.role = 'owner')`: 0,
		`SELECT COUNT(*) FROM meet_resource s WHERE NOT EXISTS (SELECT 1 FROM meet_room r WHERE r.resource_id = s.id)`:                                      0,
		`SELECT COUNT(*) FROM meet_server_deed WHERE action = 'room_created'`:                                                                               count(`SELECT COUNT(*) FROM meet_room`),
		`SELECT COUNT(DISTINCT room) FROM meet_server_deed WHERE action = 'room_created'`:                                                                   count(`SELECT COUNT(*) FROM meet_room`),
	} {
		if got := count(query); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
	until(t, "all events are handled", func() bool { return count(`SELECT COUNT(*) FROM meet_server_event WHERE due_at IS NOT NULL`) == 0 })
}

// writer is somebody who tries until it works, at whichever server.
type writer struct {
	t         testing.TB
	ctx       context.Context
	addresses []string
	header    http.Header
	ledger    *ledger
	name      string
	friend    string
	failover  bool // servers may say that the database is away
}

// rooms makes rooms, changes them and lets somebody in.
func (w *writer) rooms() {
	for i := 0; w.ctx.Err() == nil; i++ {
		slug := fmt.Sprintf("%s-%d", w.name, i)
		// who tries again may find that the first time had worked
		made := w.insist(http.MethodPost, "/rooms/", map[string]any{"name": slug}, http.StatusCreated, http.StatusBadRequest)
		room := w.insist(http.MethodGet, "/rooms/"+slug+"/", nil, http.StatusOK)
		id, _ := room["id"].(string)
		granted := w.insist(http.MethodPost, "/resource-accesses/", map[string]any{"user": w.friend, "resource": id, "role": "member"},
			http.StatusCreated, http.StatusBadRequest)
		changed := w.insist(http.MethodPatch, "/rooms/"+slug+"/", map[string]any{"access_level": "restricted"}, http.StatusOK)
		if made != nil && room != nil && granted != nil && changed != nil {
			w.ledger.room(slug, "restricted")
		}
	}
}

// events reports events as LiveKit does, which repeats until it is heard.
func (w *writer) events() {
	for w.ctx.Err() == nil {
		id := "EV_" + uuid.NewString()
		if w.report(id) {
			w.ledger.event(id)
		}
	}
}
