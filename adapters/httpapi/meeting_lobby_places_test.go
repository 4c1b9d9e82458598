package httpapi_test

import (
	"testing"
	"time"

	"meet/domain"
)

// TestMeetingAHeldListTakesNobodysPlace holds more lists than knocks are
// served at a time; a knock is answered all the same.
func TestMeetingAHeldListTakesNobodysPlace(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	boss := s.as(s.owner)
	for range 100 {
		boss.held("wait=20", func(b *browser) answer { return b.get(s.path + "waiting-participants/") })
	}
	s.world.room("open", s.owner)
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for range 100 { // by and by all lists have begun to wait
		<-ticker.C
		answered := s.stranger().held("wait=20", func(b *browser) answer {
			return b.post("/rooms/open/request-entry/", map[string]any{"username": "Ann"})
		})
		select {
		case got := <-answered:
			got.is(200, "-")
		case <-time.After(10 * time.Second):
			t.Fatal("a knock waits for lists")
		}
	}
	s.lobbies.Close()
}

func TestOnlyWhoHonoursAPreferenceSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.stranger()
	b.header["Prefer"] = "wait=20"
	if got := b.get("/rooms/").header("Preference-Applied"); got != "" {
		t.Errorf("the list says %q", got)
	}
}
