package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"meet/domain"
)

// meetingCall is a call of a moderator's that would succeed.
type meetingCall struct {
	method, action string
	body           map[string]any
}

// moderation lists all that moderators alone may do; id waits at the room.
func (s *meetingScene) moderation(id string) []meetingCall {
	bob := map[string]any{"participant_identity": "bob"}
	return []meetingCall{
		{"POST", "enter/", map[string]any{"participant_id": id, "allow_entry": true}}, {"GET", "waiting-participants/", nil},
		{"POST", "mute-all/", nil}, {"POST", "update-participant/", map[string]any{"participant_identity": "bob", "name": "Robert"}},
		{"POST", "update-participant-role/", map[string]any{"participant_identity": s.guest.Sub, "role": "administrator"}},
		{"POST", "remove-participant/", bob}, {"GET", "removed-participants/", nil}, {"POST", "readmit-participant/", bob}, {"POST", "end/", nil},
		{"POST", "invite/", map[string]any{"emails": []string{"ann@example.com"}}},
	}
}

// busy is a meeting with somebody at the door and people inside.
func busy(t *testing.T, changes ...func(*setup)) (*meetingScene, []meetingCall) {
	t.Helper()
	s := newMeeting(t, domain.Restricted, changes...)
	b := s.stranger()
	s.knock(b, "Ann")
	s.everybody()
	s.join("bob", "TR_1")
	s.join("eve")
	s.act(s.as(s.owner), "remove", "eve").is(200, meetingDone)
	s.meeting.Calls = nil
	return s, s.moderation(b.id())
}

// untouched checks that nothing happened.
func (s *meetingScene) untouched() {
	s.t.Helper()
	bans, err := s.bans.List(s.t.Context(), s.room.ID)
	if err != nil || len(bans) != 1 || s.waiting() != 1 || len(s.meeting.Said()) != 0 || s.roleOf(s.guest) != domain.NoRole || len(s.delivered()) != 0 {
		s.t.Errorf("bans %v, %d wait, called %v, guest is %q, letters %v", bans, s.waiting(), s.meeting.Said(), s.roleOf(s.guest), s.mail.Sent)
	}
}

func TestMeetingOnlyItsModeratorsModerate(t *testing.T) {
	t.Parallel()
	s, calls := busy(t)
	foreign := s.user("frank")
	s.world.room("elsewhere", foreign, roomsLevel(domain.Restricted))
	demoted := s.user("dora")
	access := s.grant(s.room, demoted, domain.Administrator)
	past := s.as(demoted)
	s.as(s.owner).patch("/resource-accesses/"+access.ID.String()+"/", map[string]any{"role": "member"}).is(200, "-")
	pass := s.bearing(s.pass(s.owner.Sub))
	for name, test := range map[string]struct {
		b      *browser
		status int
		body   string
	}{
		"stranger": {s.stranger(), 401, noSession}, "pass": {pass, 401, noSession}, "member": {s.as(s.member), 403, meetingPrivileges},
		"guest": {s.as(s.guest), 403, meetingPrivileges}, "other room's owner": {s.as(foreign), 403, meetingPrivileges}, "demoted": {past, 403, meetingPrivileges},
	} {
		for _, call := range calls {
			a := test.b.send(call.method, s.path+call.action, call.body)
			if a.status != test.status || a.body != test.body || (a.status == 401) != (a.header("WWW-Authenticate") == "Session") {
				t.Errorf("%s, %s: %d %s", name, call.action, a.status, a.body)
			}
		}
	}
	s.untouched()
}

func TestMeetingASignedInCallNeedsCSRF(t *testing.T) {
	t.Parallel()
	s, calls := busy(t)
	calls = append(calls, meetingCall{"POST", "mute-participant/", meetingTrack}, meetingCall{"POST", "request-entry/", map[string]any{"username": "Olga"}})
	for _, call := range calls {
		if call.method == "GET" {
			continue
		}
		b := s.as(s.owner)
		b.header["X-CSRFToken"] = ""
		b.send(call.method, s.path+call.action, call.body).is(403, "-")
		delete(b.header, "X-CSRFToken")
		b.send(call.method, s.path+call.action, call.body).is(403, `{"detail":"CSRF Failed: CSRF token missing."}`)
		b.header["X-CSRFToken"] = s.as(s.admin).cookies["csrftoken"]
		b.send(call.method, s.path+call.action, call.body).is(403, `{"detail":"CSRF Failed: CSRF token from the 'X-Csrftoken' HTTP header incorrect."}`)
		b.header["X-CSRFToken"], b.header["Origin"] = b.cookies["csrftoken"], "https://evil.example"
		b.send(call.method, s.path+call.action, call.body).
			is(403, `{"detail":"CSRF Failed: Origin checking failed - https://evil.example does not match any trusted origins."}`)
		b.send(call.method, roomsPath("nowhere")+call.action, call.body).is(403, "-")
	}
	s.untouched()
}

func TestMeetingUnknownRoomsHaveNothingToModerate(t *testing.T) {
	t.Parallel()
	s, calls := busy(t)
	boss := s.as(s.owner)
	for _, key := range []string{uuid.NewString(), "nowhere", "temporary-room"} {
		for _, call := range calls {
			boss.send(call.method, roomsPath(key)+call.action, call.body).is(404, roomsNoRoom)
			s.stranger().send(call.method, roomsPath(key)+call.action, call.body).is(401, noSession)
		}
	}
	for _, call := range calls {
		boss.send(call.method, roomsPath("a.b")+call.action, call.body).is(404, "-")
	}
	s.untouched()
}

func TestMeetingEachActionHasOneMethod(t *testing.T) {
	t.Parallel()
	s, calls := busy(t)
	boss := s.as(s.owner)
	for _, call := range append(calls, meetingCall{"POST", "request-entry/", nil}, meetingCall{"POST", "mute-participant/", nil}) {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			if method == call.method {
				continue
			}
			a := boss.send(method, s.path+call.action, call.body)
			a.is(http.StatusMethodNotAllowed, `{"detail":"Method \"`+method+`\" not allowed."}`)
			if a.header("Allow") == "" {
				t.Errorf("%s %s says not what is allowed", method, call.action)
			}
		}
		boss.send(call.method, s.path+call.action[:len(call.action)-1], call.body).is(http.StatusMovedPermanently, "-")
	}
	s.stranger().get(s.path+"enter/").is(401, noSession)
	s.stranger().get(s.path+"request-entry/").is(405, "-")
	s.untouched()
}

func TestMeetingBodiesMustBeReadable(t *testing.T) {
	t.Parallel()
	s, calls := busy(t)
	boss := s.as(s.owner)
	for _, call := range calls {
		if call.body == nil {
			continue
		}
		send := func(kind, body string) answer {
			return roomsRaw{method: call.method, path: s.path + call.action, body: body, header: roomsType(kind)}.send(boss)
		}
		s.meeting.Calls = nil
		send("application/x-www-form-urlencoded", "a=b").is(415, `{"detail":"Unsupported media type \"application/x-www-form-urlencoded\" in request."}`)
		send("application/json", `{`).is(400, "-")
		send("application/json", `null`).is(400, `{"non_field_errors":["No data provided"]}`)
		send("application/json", `[{}]`).is(400, `{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}`)
		send("application/json", `7`).is(400, `{"non_field_errors":["Invalid data. Expected a dictionary, but got int."]}`)
	}
	s.meeting.Calls = nil // to promote, one must be there
	s.untouched()
}

func TestMeetingModeratorsMayDoAllOfIt(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"owner", "administrator"} {
		s, calls := busy(t)
		b := s.as(map[string]domain.User{"owner": s.owner, "administrator": s.admin}[who])
		for _, call := range calls {
			if a := b.send(call.method, s.path+call.action, call.body); a.status != 200 {
				t.Errorf("%s, %s: %d %s", who, call.action, a.status, a.body)
			}
		}
	}
}
