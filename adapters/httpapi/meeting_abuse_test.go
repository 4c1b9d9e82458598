package httpapi_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"meet/adapters/httpapi"
	"meet/domain"
)

func TestMeetingABanIsStrongerThanAnAcceptance(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b := s.stranger()
	s.admitted(b, "")
	if err := s.bans.Add(t.Context(), domain.Ban{RoomID: s.room.ID, Identity: b.id(), CreatedAt: s.Now()}); err != nil {
		t.Fatal(err)
	}
	roomsHas(s.knock(b, "Ann"), 200, map[string]any{"status": "denied", "livekit": nil})
}

func TestMeetingAddressesOfOneIPv6CustomerAreCountedTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.http.Rates.CreationCallback = httpapi.Rate{Limit: 3, Period: time.Hour} })
	ask := func(peer string) int {
		b := w.stranger()
		b.header["Peer"] = peer
		return b.post("/rooms/creation-callback/", map[string]any{"callback_id": "x"}).status
	}
	for i := range 3 {
		if status := ask(fmt.Sprintf("[2001:db8:1:2::%d]:4000", i+1)); status != http.StatusOK {
			t.Errorf("%d: %d", i, status)
		}
	}
	if one, other := ask("[2001:db8:1:2:ffff::1]:4000"), ask("[2001:db8:1:3::1]:4000"); one != http.StatusTooManyRequests || other != http.StatusOK {
		t.Errorf("the same customer %d, another %d", one, other)
	}
}

// TestMeetingOneNetworkCannotTakeTheWholeLobby lets each /64 of one /48 knock
// as often as it may.
func TestMeetingOneNetworkCannotTakeTheWholeLobby(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted, meetingRate(1000))
	count := map[string]int{}
	for _, network := range []string{"2001:db8:1", "2001:db8:2"} {
		for subnet := range 60 {
			for host := range 25 {
				b := s.stranger()
				b.header["Peer"] = fmt.Sprintf("[%s:%x::%x]:4000", network, subnet*256, host+1)
				if s.knock(b, "Eve").status == http.StatusOK {
					count[network]++
				}
			}
		}
	}
	if want := domain.MaxWaiting / 5; count["2001:db8:1"] != want || count["2001:db8:2"] != want {
		t.Errorf("took %v places, want %d each", count, want)
	}
	b := s.stranger()
	b.header["Peer"] = "[2001:db8:3::1]:4000"
	roomsHas(s.knock(b, "Ann"), 200, map[string]any{"status": "waiting"})
}

func TestMeetingALargeNetworkMayCallMoreOftenButNotAsOftenAsItsParts(t *testing.T) {
	t.Parallel()
	b := newWorld(t, func(s *setup) { s.http.Rates.CreationCallback = httpapi.Rate{Limit: 3, Period: time.Hour} }).stranger()
	answered := func(peer func(i int) string) (count int) {
		for i := range 100 {
			b.header["Peer"] = peer(i)
			if b.post("/rooms/creation-callback/", map[string]any{"callback_id": "x"}).status == http.StatusOK {
				count++
			}
		}
		return count
	}
	for what, c := range map[string]struct {
		peer func(i int) string
		want int
	}{
		"one /64": {func(i int) string { return fmt.Sprintf("[2001:db8:a:1::%x]:1", i) }, 3},
		"one /56": {func(i int) string { return fmt.Sprintf("[2001:db8:b:1%02x::1]:1", i) }, 12},
		"one /48": {func(i int) string { return fmt.Sprintf("[2001:db8:c:%02x01::1]:1", i) }, 24},
		"one /24": {func(i int) string { return fmt.Sprintf("203.0.113.%d:1", i) }, 24},
		"many":    {func(i int) string { return fmt.Sprintf("203.0.%d.1:1", i) }, 99},
	} {
		if got := answered(c.peer); got < c.want || got > c.want+1 {
			t.Errorf("%s: %d answered, want %d", what, got, c.want)
		}
	}
}

func TestMeetingALobbyThatWasFullTakesPeopleAgain(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	for i := range domain.MaxWaiting {
		if _, _, err := s.lobby.Add(t.Context(), s.room.ID, domain.NewLobbyEntry(fmt.Sprint(i), "x", domain.User{}), nil, time.Second); err != nil {
			t.Fatal(err)
		}
	}
	if a := s.knock(s.stranger(), "Ann"); a.status != http.StatusTooManyRequests {
		t.Errorf("full: %d %s", a.status, a.body)
	}
	s.Forward(2 * time.Second)
	roomsHas(s.knock(s.stranger(), "Ann"), 200, map[string]any{"status": "waiting"})
}

func TestMeetingAHeldKnockCountsOnce(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted, meetingRate(1))
	s.follow()
	b := s.stranger()
	answered := b.held("wait=20", func(b *browser) answer { return s.knock(b, "Ann") })
	meetingUntil(func() bool { return s.waiting() == 1 })
	list, err := s.lobby.Waiting(t.Context(), s.room.ID)
	if err != nil {
		t.Fatal(err)
	}
	s.decide(s.as(s.owner), list[0].ID, true)
	if a := <-answered; a.status != http.StatusOK || a.json()["status"] != "accepted" || a.header("Set-Cookie") == "" {
		t.Errorf("got %d %s", a.status, a.body)
	}
}
