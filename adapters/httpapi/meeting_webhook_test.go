package httpapi_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/application/event"
	"meet/domain"
)

const meetingError = `{"status":"error"}`

// kept reports whether there is something new to handle.
func (w *world) kept() bool {
	select {
	case <-w.events.Fresh():
		return true
	default:
		return false
	}
}

// finished is a report about the room; number makes it another one.
func (s *meetingScene) finished(number int) string {
	return fmt.Sprintf(`{"event":"room_finished","id":"EV_%d","createdAt":"%d","room":{"sid":"RM_1","name":%q}}`, number, s.Now().Unix(), s.room.ID)
}

func TestMeetingReportsWithoutLiveKitsSignatureAreRefused(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b := s.stranger()
	s.knock(b, "Ann")
	body, now := s.finished(1), time.Now().Unix()
	sum := sha256.Sum256([]byte(body))
	sha := map[string]any{"sha256": base64.StdEncoding.EncodeToString(sum[:])}
	hook := func(name string, value any) string { return s.hookAuth(body, map[string]any{name: value}) }
	for name, authorization := range map[string]string{
		"other body": s.hookAuth(body + " "), "empty body": s.hookAuth(""), "other secret": meetingToken("HS256", "x"+liveCode, sha, map[string]any{"iss": liveKey}),
		"a person's token": s.pass("ann"), "an owner's token": s.pass(s.owner.Sub), "bearer of a person": "Bearer " + s.pass("ann"),
		"alg none": meetingToken("none", "", sha, map[string]any{"iss": liveKey}), "HS384": meetingToken("HS384", liveCode, sha, map[string]any{"iss": liveKey}),
		"no hash": hook("sha256", nil), "empty hash": hook("sha256", ""), "hash in hex": hook("sha256", hex.EncodeToString(sum[:])),
		"half a hash": hook("sha256", base64.StdEncoding.EncodeToString(sum[:16])), "hash a number": hook("sha256", 5),
		"expired": hook("exp", now-120), "not yet": hook("nbf", now+120), "other issuer": hook("iss", "another"), "no issuer": hook("iss", nil),
		"audience": hook("aud", "meet"), "no token": "junk", "blank": " ", "bearer of nothing": "Bearer ", "basic": "Basic " + s.hookAuth(body), "two": "Bearer a " + s.hookAuth(body),
	} {
		if a := s.deliver(authorization, body); a.status != 400 || a.body != meetingError {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	s.deliver("", body).is(401, meetingError)
	owner := s.as(s.owner)
	owner.post("/rooms/webhooks-livekit/", body).is(401, meetingError)
	if s.kept() {
		t.Error("something was kept")
	}
	s.drain()
	if s.waiting() != 1 {
		t.Error("something was handled")
	}
}

func TestMeetingReportsThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	for _, body := range []string{"", "{", "[]", "null x", `"room_finished"`, `{"event":5}`, `{"room":"x"}`, "\xff", `{"event":"\xff"}`, `{"event":"room_finished"}x`} {
		s.deliver(s.hookAuth(body), body).is(400, meetingError)
	}
	large := `{"event":"` + strings.Repeat("x", 3<<20) + `"}`
	if a := s.deliver(s.hookAuth(large), large); a.status < 400 || a.status > 499 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if s.kept() {
		t.Error("something was kept")
	}
}

func TestMeetingReportsAreReadAsLiveKitSendsThem(t *testing.T) {
	t.Parallel()
	id := uuid.NewString()
	for name, test := range map[string]struct {
		body   string
		header func(token string) string
	}{
		"camel case":     {`{"event":"room_finished","id":"1","createdAt":"1773500966","room":{"sid":"RM_1","name":"` + id + `","creationTimeMs":"1773500966000"}}`, nil},
		"snake case":     {`{"event":"room_finished","id":"2","created_at":1773500966,"room":{"sid":"RM_1","name":"` + id + `","creation_time":1}}`, nil},
		"unknown fields": {`{"event":"room_finished","id":"3","new":{"x":[1]},"room":{"name":"` + id + `","new":1}}`, nil},
		"without id":     {`{"event":"room_finished","room":{"name":"` + id + `"}}`, nil},
		"bearer":         {`{"event":"room_finished","id":"4","room":{"name":"` + id + `"}}`, func(token string) string { return "Bearer " + token }},
		"small bearer":   {`{"event":"room_finished","id":"5","room":{"name":"` + id + `"}}`, func(token string) string { return "bearer " + token }},
		"egress":         {`{"event":"egress_started","id":"6","egressInfo":{"egressId":"EG_1","roomName":"` + id + `","status":"EGRESS_ACTIVE"}}`, nil},
	} {
		s := newMeeting(t, domain.Restricted)
		header := s.hookAuth(test.body)
		if test.header != nil {
			header = test.header(header)
		}
		if a := s.deliver(header, test.body); a.status != 200 || a.body != meetingDone || !s.kept() {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		s.drain()
	}
}

func TestMeetingEveryKindOfReportIsAccepted(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	for _, kind := range []string{
		"room_started", "room_finished", "participant_joined", "participant_left", "participant_connection_aborted", "track_published", "track_unpublished",
		"egress_started", "egress_updated", "egress_ended", "ingress_started", "ingress_ended", "agent_job_started", "unsupported_event", "",
	} {
		for _, about := range []string{"", `,"room":{"sid":"RM_1","name":"` + s.room.ID.String() + `"}`, `,"room":{"name":"temporary-room"}`, `,"room":{"name":"` + uuid.NewString() + `"}`,
			`,"room":{"name":"invalid-uuid"},"participant":{"sid":"PA_1","identity":"ann"}`} {
			body := `{"event":"` + kind + `"` + about + `}`
			s.deliver(s.hookAuth(body), body).is(200, meetingDone)
			s.drain()
		}
	}
	for _, warning := range s.Warnings {
		if warning != "an egress that records nothing of ours" {
			t.Errorf("warning: %s", warning)
		}
	}
}

func TestMeetingTheContentTypeOfReportsDoesNotMatter(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	for i, kind := range []string{"application/webhook+json", "application/json", "text/plain", "multipart/form-data", ""} {
		body := s.finished(i)
		header := http.Header{"Authorization": {s.hookAuth(body)}}
		if kind != "" {
			header.Set("Content-Type", kind)
		}
		roomsRaw{method: http.MethodPost, path: "/rooms/webhooks-livekit/", body: body, header: header}.send(s.stranger()).is(200, meetingDone)
		if !s.kept() {
			t.Errorf("%q is not kept", kind)
		}
	}
	s.stranger().get("/rooms/webhooks-livekit/").is(405, `{"detail":"Method \"GET\" not allowed."}`)
}

func TestMeetingAReplayedReportIsHandledOnce(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b, body := s.stranger(), s.finished(1)
	header := s.hookAuth(body)
	s.deliver(header, body).is(200, meetingDone)
	s.deliver(header, body).is(200, meetingDone)
	s.drain()
	s.kept()
	s.knock(b, "Ann")
	s.join("bob")
	s.act(s.as(s.owner), "remove", "bob").is(200, meetingDone) // in a second that the report would clear
	for _, again := range []string{header, s.hookAuth(body), "Bearer " + header} {
		s.deliver(again, body).is(200, meetingDone)
		if s.kept() {
			t.Error("kept again")
		}
		s.drain()
	}
	if s.waiting() != 1 {
		t.Error("the replay cleared the lobby")
	}
	roomsHas(s.as(s.owner).get(s.path+"removed-participants/"), 200, map[string]any{"participants.0.id": "bob"})
}

func TestMeetingReportsWithoutIDAreTheSameWhenTheirTextIs(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	body := `{"event":"room_finished","createdAt":"1","room":{"name":"` + s.room.ID.String() + `"}}`
	for i, text := range []string{body, body, body + " "} {
		s.deliver(s.hookAuth(text), text).is(200, meetingDone)
		if s.kept() != (i != 1) {
			t.Errorf("delivery %d", i)
		}
	}
}

func TestMeetingReportsAboutConnectionTestsAreIgnored(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	for i, kind := range []string{"room_started", "room_finished", "participant_joined", "egress_ended", "unsupported_event"} {
		s.report(fmt.Sprint("EV_", i), kind, "RM_1", "connection-test-"+uuid.NewString(), "")
	}
	if s.kept() {
		t.Error("something was kept")
	}
}

func TestMeetingTheFilterLetsSomeRoomsPass(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	for _, filter := range []*regexp.Regexp{nil, pattern} {
		s := newMeeting(t, domain.Restricted, func(s *setup) { s.events = event.Rules{Filter: filter} })
		for i, room := range []string{s.room.ID.String(), "!JIfCxVLcKKkWrmVBOb:your-domain.com", ""} {
			s.report(fmt.Sprint("EV_", i), "room_finished", "RM_1", room, "")
			if s.kept() != (filter == nil || i == 0) {
				t.Errorf("filter %v, room %q", filter, room)
			}
		}
	}
}
