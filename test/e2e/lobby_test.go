package e2e

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"meet/test/client"
)

func knock(c *client.Client, room string) map[string]any {
	return c.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/request-entry/", map[string]any{"username": "Zoé"})
}

// TestAGuestIsLetInAndRemoved is the story of a restricted room.
func TestAGuestIsLetInAndRemoved(t *testing.T) {
	s := newSite(t, map[string]string{"REQUEST_ENTRY_THROTTLE_RATES": "100000/minute"})
	owner, room := s.owner("restricted")
	moderator := s.join(owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
	guest := s.client()

	first := knock(guest, room)
	if first["status"] != "waiting" || first["livekit"] != nil {
		t.Fatalf("knocked: %v", first)
	}
	waits := func() bool {
		knock(guest, room)
		list := owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/waiting-participants/", nil)["participants"].([]any)
		return slices.ContainsFunc(list, func(item any) bool { return item.(map[string]any)["id"] == first["id"] })
	}
	heard := moderator.hears(`{"type":"participantWaiting"}`)
	until(t, "the moderator is told", func() bool { // whose data channel may open only after the first knock
		knock(s.client(), room)
		return waits() && heard()
	})
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/enter/", map[string]any{"participant_id": first["id"], "allow_entry": true})
	accepted := knock(guest, room)
	visitor := s.join(accepted)
	identity := visitor.LocalParticipant.Identity()
	if identity != first["id"] || visitor.LocalParticipant.Name() != "Zoé" {
		t.Errorf("joined as %s %q", identity, visitor.LocalParticipant.Name())
	}

	who := map[string]any{"participant_identity": identity}
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/remove-participant/", who)
	visitor.putOut("removed")
	if again := knock(guest, room); again["status"] != "denied" {
		t.Errorf("after the removal: %v", again)
	}
	if back, err := s.enter(visitor.token); err == nil { // the token is valid for hours
		back.putOut("came back with the old token")
	}
	removed := owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/removed-participants/", nil)["participants"].([]any)
	if len(removed) != 1 || removed[0].(map[string]any)["name"] != "Zoé" {
		t.Errorf("removed: %v", removed)
	}

	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/readmit-participant/", who)
	if again := knock(guest, room); again["status"] != "waiting" {
		t.Errorf("after the readmission: %v", again)
	}
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/end/", nil)
	moderator.putOut("ended for everybody")
	until(t, "the lobby is cleared with the meeting", func() bool {
		answer := owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/waiting-participants/", nil)
		return len(answer["participants"].([]any)) == 0
	})
}

func TestASignedInPersonWhoIsRemovedStaysOut(t *testing.T) {
	s := newSite(t, nil)
	owner, room := s.owner("trusted")
	s.join(owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
	bob := s.client()
	bob.SignIn("demo-bob")
	seen := bob.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil)
	inside := s.join(seen)
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/remove-participant/", map[string]any{"participant_identity": "demo-bob"})
	inside.putOut("removed")
	if again := bob.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil); again["livekit"] != nil {
		t.Errorf("got %v", again["livekit"])
	}
	if again := knock(bob, room); again["status"] != "denied" {
		t.Errorf("knocked: %v", again)
	}
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/end/", nil)
	until(t, "the ban ends with the meeting", func() bool {
		return bob.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil)["livekit"] != nil
	})
}

func TestAHeldKnockIsAnsweredWhenItIsDecided(t *testing.T) {
	s := newSite(t, nil)
	owner, room := s.owner("restricted")
	guest := s.client()
	id := knock(guest, room)["id"]
	guest.Header = http.Header{"Prefer": {"wait=20"}}
	begun, done := time.Now(), make(chan map[string]any, 1)
	go func() { done <- knock(guest, room) }()
	until(t, "the guest waits on", func() bool {
		list := owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/waiting-participants/", nil)["participants"].([]any)
		return len(list) == 1
	})
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/enter/", map[string]any{"participant_id": id, "allow_entry": true})
	answer := <-done
	if answer["status"] != "accepted" || time.Since(begun) > 15*time.Second {
		t.Errorf("after %v: %v", time.Since(begun), answer)
	}
}
