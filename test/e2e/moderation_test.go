package e2e

import (
	"maps"
	"net/http"
	"testing"

	"meet/test/client"
)

// TestModeratorsActOnRealParticipants does everything a moderator can do to
// people who really publish.
func TestModeratorsActOnRealParticipants(t *testing.T) {
	s := newSite(t, nil)
	owner, room := s.owner("public")
	s.join(owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
	guest := s.join(s.client().Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/?username=Zo%C3%A9", nil))
	who, track := guest.LocalParticipant.Identity(), guest.publish()
	act := func(path string, body map[string]any) {
		t.Helper()
		owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/"+path+"/", body)
	}
	muted := func() bool {
		for _, published := range s.there(room, who).GetTracks() {
			if published.GetSid() == track {
				return published.GetMuted()
			}
		}
		return false
	}
	until(t, "the track is published", func() bool { return len(s.there(room, who).GetTracks()) == 1 })
	if muted() {
		t.Fatal("muted before")
	}
	act("mute-participant", map[string]any{"participant_identity": who, "track_sid": track})
	until(t, "muted", muted)

	act("update-participant", map[string]any{"participant_identity": who, "permission": map[string]any{"can_publish_sources": []string{"camera"}}})
	permission := s.there(room, who).GetPermission()
	if len(permission.GetCanPublishSources()) != 1 || !permission.GetCanSubscribe() || !permission.GetCanPublishData() || !permission.GetCanPublish() {
		t.Errorf("permission %v", permission)
	}
	act("update-participant", map[string]any{"participant_identity": who, "attributes": map[string]string{"note": "é"}, "name": "Zoë", "metadata": map[string]any{"a": 1}})
	changed := s.there(room, who)
	if changed.GetName() != "Zoë" || changed.GetAttributes()["note"] != "é" || changed.GetAttributes()["color"] == "" || changed.GetMetadata() != `{"a":1}` {
		t.Errorf("changed to %v", changed)
	}
	for path, body := range map[string]map[string]any{
		"mute-participant":        {"participant_identity": "nobody", "track_sid": "TR_x"},
		"update-participant":      {"participant_identity": "nobody", "name": "x"},
		"remove-participant":      {"participant_identity": "nobody"},
		"update-participant-role": {"participant_identity": "nobody", "role": "member"},
	} {
		owner.Must(http.StatusNotFound, http.MethodPost, "/rooms/"+room+"/"+path+"/", body)
	}
}

func TestEverybodyCanBeMutedAtOnce(t *testing.T) {
	s := newSite(t, nil)
	owner, room := s.owner("public")
	self := s.join(owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
	self.publish()
	for range 2 {
		guest := s.join(s.client().Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
		guest.publish()
		until(t, "published", func() bool { return len(s.there(room, guest.LocalParticipant.Identity()).GetTracks()) == 1 })
	}
	if answer := owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/mute-all/", nil); answer["muted"] != 2.0 {
		t.Errorf("got %v", answer)
	}
	for _, track := range s.there(room, self.LocalParticipant.Identity()).GetTracks() {
		if track.GetMuted() {
			t.Error("the moderator is muted")
		}
	}
}

// TestPeopleActOnThemselvesWithTheirToken raises hands, renames and mutes by
// the token that the API gave.
func TestPeopleActOnThemselvesWithTheirToken(t *testing.T) {
	s := newSite(t, nil)
	owner, room := s.owner("public")
	s.join(owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
	guest := s.join(s.client().Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
	who := guest.LocalParticipant.Identity()
	self := s.client()
	self.Header = http.Header{"Authorization": {"Bearer " + guest.token}}
	act := func(status int, path string, body map[string]any) {
		t.Helper()
		self.Must(status, http.MethodPost, "/rooms/"+room+"/"+path+"/", body)
	}
	act(http.StatusOK, "toggle-hand", map[string]any{"raised": true})
	if s.there(room, who).GetAttributes()["handRaisedAt"] == "" {
		t.Error("the hand is down")
	}
	act(http.StatusOK, "toggle-hand", map[string]any{"raised": false})
	if s.there(room, who).GetAttributes()["handRaisedAt"] != "" {
		t.Error("the hand is up")
	}
	act(http.StatusOK, "rename", map[string]any{"name": "Zoë"})
	if s.there(room, who).GetName() != "Zoë" {
		t.Error("not renamed")
	}
	track := guest.publish()
	until(t, "published", func() bool { return len(s.there(room, who).GetTracks()) == 1 })
	act(http.StatusOK, "mute-participant", map[string]any{"participant_identity": who, "track_sid": track})
	for _, path := range []string{"remove-participant", "mute-all", "end", "enter", "update-participant", "update-participant-role"} {
		act(http.StatusUnauthorized, path, nil) // the token is no session
	}
}

func TestRolesAreGivenInTheMeeting(t *testing.T) {
	s := newSite(t, nil)
	owner, room := s.owner("public")
	bob := s.client()
	bob.SignIn("demo-bob")
	role := map[string]any{"participant_identity": "demo-bob", "role": "administrator"}
	promote := func(c *client.Client, status int) map[string]any {
		t.Helper()
		return c.Must(status, http.MethodPost, "/rooms/"+room+"/update-participant-role/", role)
	}
	promote(owner, http.StatusForbidden) // not in the meeting
	s.join(owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
	promote(owner, http.StatusNotFound) // bob is not there
	s.join(bob.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
	want := map[string]any{"role": "administrator", "livekit_synced": true}
	if answer := promote(owner, http.StatusOK); !maps.Equal(answer, want) {
		t.Errorf("got %v", answer)
	}
	if s.there(room, "demo-bob").GetAttributes()["room_role"] != "administrator" {
		t.Error("the others do not see it")
	}
	bob.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/waiting-participants/", nil)
}
