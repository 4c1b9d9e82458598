package contract

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"meet/domain"
)

func lobbyNews(t *testing.T, l Lobby) {
	room := uuid.New()
	ctx, stop := context.WithCancel(t.Context())
	var mu sync.Mutex
	var told []string
	done := make(chan error, 1)
	go func() {
		done <- l.Follow(ctx, func(r uuid.UUID, id string) {
			mu.Lock()
			defer mu.Unlock()
			if r == room || r == uuid.Nil {
				told = append(told, id)
			}
		})
	}()
	heard := func(id string) {
		t.Helper()
		eventually(t, "heard of "+id, func() bool {
			mu.Lock()
			defer mu.Unlock()
			return slices.Contains(told, id)
		})
		mu.Lock()
		defer mu.Unlock()
		told = nil
	}
	eventually(t, "listening", func() bool {
		must(t, l.Clear(t.Context(), room))
		mu.Lock()
		defer mu.Unlock()
		return len(told) > 0
	})
	knock(t, l, room, "a", long)
	heard("a")
	decide(t, l, room, "a", domain.Accepted, long)
	heard("a")
	must(t, l.Forget(t.Context(), room, "sub-a"))
	heard("a")
	must(t, l.Clear(t.Context(), room))
	heard("")
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func lobbyRace(t *testing.T, l Lobby) {
	room := uuid.New()
	var all sync.WaitGroup
	added := make(chan bool, 20)
	for range 20 {
		all.Go(func() {
			_, first, err := l.Add(t.Context(), room, aGuest("a"), nil, long)
			if err != nil {
				t.Error(err)
			}
			added <- first
		})
	}
	all.Wait()
	close(added)
	count := 0
	for first := range added {
		if first {
			count++
		}
	}
	if count != 1 {
		t.Errorf("%d were added", count)
	}
}

func lobbyTexts(t *testing.T, l Lobby) {
	room, guest := uuid.New(), aGuest("a")
	guest.Username = "Zoé 🦊 \"{}\" \n العربية"
	_, _, err := l.Add(t.Context(), room, guest, nil, long)
	must(t, err)
	list, err := l.Waiting(t.Context(), room)
	if diff := cmp.Diff([]domain.LobbyEntry{guest}, list); diff != "" || err != nil {
		t.Errorf("error %v\n%s", err, diff)
	}
}

func lobbyBounded(t *testing.T, l Lobby) {
	room := uuid.New()
	for i := range domain.MaxWaiting {
		if _, _, err := l.Add(t.Context(), room, aGuest(strconv.Itoa(i)), nil, long); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := l.Add(t.Context(), room, aGuest("more"), nil, long); !errors.Is(err, domain.ErrLobbyFull) {
		t.Errorf("got %v", err)
	}
	if _, added, err := l.Add(t.Context(), room, aGuest("7"), nil, long); added || err != nil {
		t.Errorf("who waits already: added %v, error %v", added, err)
	}
	knock(t, l, uuid.New(), "more", long)
}
