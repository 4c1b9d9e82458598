package e2e

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"

	"meet/adapters/sqlstore"
	"meet/domain"
	"meet/test/postgres"
	"meet/test/redis"
)

// attendance reads what the server at the database knows.
func attendance(t *testing.T, url string) *sqlstore.Attendance {
	t.Helper()
	db, err := sqlstore.Open(sqlstore.Config{PostgresURL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return sqlstore.NewAttendance(db)
}

// TestWhoIsThereIsKnownWhateverIsReported meets with events, and with a media
// server that was away and lost everything.
func TestWhoIsThereIsKnownWhateverIsReported(t *testing.T) {
	url := postgres.URL(t)
	s := newSite(t, map[string]string{"DATABASE_URL": url, "RECONCILE_SECONDS": "1"})
	known := attendance(t, url)
	there := func(identity string) []domain.Presence {
		list, err := known.Where(context.Background(), identity)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	owner, room := s.owner("public")
	alice := s.join(owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
	until(t, "Alice's presence is known", func() bool { return len(there("demo-alice")) == 1 })
	if p := there("demo-alice")[0]; p.Room != room || p.Name != "Alice Martin" || p.SID != alice.LocalParticipant.SID() {
		t.Errorf("presence %+v", p)
	}
	guest := s.join(s.client().Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
	who := guest.LocalParticipant.Identity()
	until(t, "the guest's presence is known", func() bool { return len(there(who)) == 1 })
	guest.Disconnect()
	until(t, "the guest has left", func() bool { return len(there(who)) == 0 })

	before := there("demo-alice")[0]
	s.media.Stop() // it will not report that everybody is gone
	s.media.Start()
	until(t, "the first meeting is over", func() bool { // Alice's client comes back by itself
		return !slices.ContainsFunc(there("demo-alice"), func(p domain.Presence) bool { return p.SID == before.SID || p.Meeting == before.Meeting })
	})
}

// TestTelephonesAreRoutedWhileTheMeetingRuns checks the dispatch rules in
// LiveKit itself.
func TestTelephonesAreRoutedWhileTheMeetingRuns(t *testing.T) {
	s := newSite(t, map[string]string{
		"SFU_REDIS_ADDRESS": redis.Start(t).Address, "ROOM_TELEPHONY_ENABLED": "true", "ROOMKIT_ENABLED": "true",
		"ROOMKIT_SERVER_TO_SERVER_API_TOKEN": "device-token", "RECONCILE_SECONDS": "1",
	})
	sip := lksdk.NewSIPClient(s.media.URL, s.media.Key, s.media.Secret)
	rules := func(room string) []*livekit.SIPDispatchRuleInfo {
		list, err := sip.ListSIPDispatchRule(context.Background(), &livekit.ListSIPDispatchRuleRequest{})
		if err != nil {
			t.Fatal(err)
		}
		var found []*livekit.SIPDispatchRuleInfo
		for _, rule := range list.GetItems() {
			if rule.GetName() == "SIP_"+room {
				found = append(found, rule)
			}
		}
		return found
	}
	owner, room := s.owner("public")
	seen := owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil)
	s.join(seen)
	until(t, "callers are routed", func() bool { return len(rules(room)) == 1 })
	direct := rules(room)[0].GetRule().GetDispatchRuleDirect()
	if direct.GetRoomName() != room || direct.GetPin() != seen["pin_code"] {
		t.Errorf("rule %v, PIN %v", direct, seen["pin_code"])
	}
	device := s.client()
	device.Header = http.Header{"Authorization": {"Bearer device-token"}}
	device.Must(http.StatusOK, http.MethodPost, "/roomkit/join/", map[string]any{"pin_code": seen["pin_code"]})
	if count := len(rules(room)); count != 1 {
		t.Errorf("%d rules", count)
	}
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/end/", nil)
	until(t, "nobody is routed any more", func() bool { return len(rules(room)) == 0 })

	device.Must(http.StatusOK, http.MethodPost, "/roomkit/join/", map[string]any{"pin_code": seen["pin_code"]})
	if count := len(rules(room)); count != 1 {
		t.Errorf("before anybody came: %d rules", count)
	}
}

func TestSubtitlesCallTheAgent(t *testing.T) {
	s := newSite(t, map[string]string{"ROOM_SUBTITLE_ENABLED": "true"})
	owner, room := s.owner("public")
	alice := s.join(owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
	self := s.client()
	self.Header = http.Header{"Authorization": {"Bearer " + alice.token}}
	for range 5 {
		self.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/start-subtitle/", nil)
	}
	agents := lksdk.NewAgentDispatchServiceClient(s.media.URL, s.media.Key, s.media.Secret)
	list, err := agents.ListDispatch(t.Context(), &livekit.ListAgentDispatchRequest{Room: room})
	called := 0
	for _, dispatch := range list.GetAgentDispatches() {
		if dispatch.GetAgentName() == "multi-user-transcriber" {
			called++
		}
	}
	if err != nil || called != 1 {
		t.Errorf("dispatches %v, error %v", list, err)
	}
	bob := s.client()
	bob.SignIn("demo-bob")
	removed := s.join(bob.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/remove-participant/", map[string]any{"participant_identity": "demo-bob"})
	self.Header = http.Header{"Authorization": {"Bearer " + removed.token}}
	self.Must(http.StatusForbidden, http.MethodPost, "/rooms/"+room+"/start-subtitle/", nil)
}

func TestRoomsOfConnectionTestsAreClosed(t *testing.T) {
	s := newSite(t, map[string]string{
		"CONNECTION_TEST_ENABLED": "true", "CONNECTION_TEST_TOKEN_TTL_SECONDS": "1", "CONNECTION_TEST_ROOM_EXTRA_AGE_SECONDS": "0",
		"RECONCILE_SECONDS": "1",
	})
	visitor := s.join(s.client().Must(http.StatusOK, http.MethodPost, "/diagnostics/connection/", nil))
	visitor.putOut("the test is over")
}

func TestAMediaServerThatIsAwayIsAGatewayError(t *testing.T) {
	s := newSite(t, nil)
	owner, room := s.owner("public")
	s.media.Stop()
	for path, body := range map[string]map[string]any{
		"mute-participant": {"participant_identity": "x", "track_sid": "TR_x"}, "end": nil, "mute-all": nil,
		"update-participant": {"participant_identity": "x", "name": "x"}, "remove-participant": {"participant_identity": uuid.NewString()},
	} {
		if answer := owner.Must(http.StatusBadGateway, http.MethodPost, "/rooms/"+room+"/"+path+"/", body); answer["detail"] == nil {
			t.Errorf("%s: %v", path, answer)
		}
	}
	owner.Must(http.StatusOK, http.MethodPatch, "/rooms/"+room+"/", map[string]any{"access_level": "restricted"})
	if answer := knock(s.client(), room); answer["status"] != "waiting" {
		t.Errorf("a knock: %v", answer)
	}
}
