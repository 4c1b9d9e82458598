package httpapi_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

const meetingDecided = `{"message":"Participant was updated."}`

func TestMeetingModeratorsDecideWhoComesIn(t *testing.T) {
	t.Parallel()
	for _, level := range []domain.AccessLevel{domain.Trusted, domain.Restricted} {
		for allow, status := range map[any]domain.LobbyStatus{
			true: domain.Accepted, false: domain.Denied, 1: domain.Accepted, 0: domain.Denied, "True": domain.Accepted, "no": domain.Denied, "off": domain.Denied,
			"ON": domain.Accepted, "y": domain.Accepted, "F": domain.Denied, "1": domain.Accepted,
		} {
			s := newMeeting(t, level)
			b := s.stranger()
			s.knock(b, "Ann")
			before := len(s.meeting.Said())
			a := s.as(s.admin).post(s.path+"enter/", map[string]any{"participant_id": b.id(), "allow_entry": allow})
			a.is(200, meetingDecided)
			if entry, _ := s.entry(b.id()); entry.Status != status || entry.Username != "Ann" || s.waiting() != 0 {
				t.Errorf("%v: entry %+v, %d wait", allow, entry, s.waiting())
			}
			answer := s.knock(b, "Ann")
			roomsHas(answer, 200, map[string]any{"status": string(status), "id": b.id(), "username": "Ann"})
			if opened := roomsAt(answer, "livekit") != nil; opened != (status == domain.Accepted) || len(s.meeting.Said()) != before {
				t.Errorf("%v: %s, called %v", allow, answer.body, s.meeting.Said())
			}
		}
	}
}

func TestMeetingADecisionMayBeAMultipartForm(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b, boss := s.stranger(), s.as(s.owner)
	s.knock(b, "Ann")
	id := b.id()
	for _, spelling := range []string{id, strings.ToUpper(id), strings.ReplaceAll(id, "-", ""), "urn:uuid:" + id, "{" + id + "}"} {
		for allow, status := range map[string]domain.LobbyStatus{"True": domain.Accepted, "False": domain.Denied} {
			boss.post(s.path+"enter/", form{"participant_id": spelling, "allow_entry": allow}).is(200, meetingDecided)
			if entry, _ := s.entry(id); entry.Status != status {
				t.Errorf("%s %s: %+v", spelling, allow, entry)
			}
		}
	}
}

func TestMeetingADecisionCanBeReversed(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b, boss := s.stranger(), s.as(s.owner)
	s.knock(b, "Ann")
	for _, allow := range []bool{false, true, true, false} {
		s.decide(boss, b.id(), allow)
		want := map[bool]any{true: "accepted", false: "denied"}[allow]
		roomsHas(s.knock(b, "Ann"), 200, map[string]any{"status": want})
	}
}

func TestMeetingAPublicRoomHasNoLobby(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b, boss := s.stranger(), s.as(s.owner)
	s.knock(b, "Ann")
	boss.patch(s.path, map[string]any{"access_level": "public"}).is(200, "-")
	for _, id := range []string{b.id(), meetingNobody} {
		boss.post(s.path+"enter/", map[string]any{"participant_id": id, "allow_entry": true}).is(404, `{"message":"Room has no lobby system."}`)
	}
	boss.get(s.path+"waiting-participants/").is(200, `{"participants":[]}`)
	if entry, there := s.entry(b.id()); !there || entry.Status != domain.Waiting {
		t.Errorf("entry %+v", entry)
	}
}

func TestMeetingNobodyIsDecidedAboutWhoDidNotKnock(t *testing.T) {
	t.Parallel()
	const nobody = `{"message":"Participant not found."}`
	s := newMeeting(t, domain.Restricted)
	b, boss := s.stranger(), s.as(s.owner)
	s.knock(b, "Ann")
	enter := func(room, id string) answer {
		return boss.post(roomsPath(room)+"enter/", map[string]any{"participant_id": id, "allow_entry": true})
	}
	enter("weekly", meetingNobody).is(404, nobody)
	s.room = s.world.room("elsewhere", s.owner, roomsLevel(domain.Restricted))
	enter("elsewhere", b.id()).is(404, nobody) // knocked at another room
	s.Forward(3 * time.Second)
	enter("weekly", b.id()).is(404, nobody) // went away
	roomsHas(s.stranger().post("/rooms/weekly/request-entry/", map[string]any{"username": "Ann"}), 200, map[string]any{"status": "waiting"})
}

func TestMeetingADecisionNeedsAnIDAndAnAnswer(t *testing.T) {
	t.Parallel()
	const required, truth, id = `["This field is required."]`, `["Must be a valid boolean."]`, `["Must be a valid UUID."]`
	for _, level := range []domain.AccessLevel{domain.Public, domain.Trusted, domain.Restricted} {
		s := newMeeting(t, level)
		boss := s.as(s.owner)
		for body, want := range map[string]string{
			`{}`: `{"allow_entry":` + required + `,"participant_id":` + required + `}`,
			``:   `{"allow_entry":` + required + `,"participant_id":` + required + `}`,
			`{"participant_id":"` + meetingNobody + `"}`:                                `{"allow_entry":` + required + `}`,
			`{"allow_entry":true}`:                                                      `{"participant_id":` + required + `}`,
			`{"participant_id":"x","allow_entry":"x"}`:                                  `{"allow_entry":` + truth + `,"participant_id":` + id + `}`,
			`{"participant_id":["x"],"allow_entry":[true]}`:                             `{"allow_entry":` + truth + `,"participant_id":` + id + `}`,
			`{"participant_id":true,"allow_entry":2}`:                                   `{"allow_entry":` + truth + `,"participant_id":` + id + `}`,
			`{"participant_id":"","allow_entry":""}`:                                    `{"allow_entry":` + truth + `,"participant_id":` + id + `}`,
			`{"participant_id":"room_lobby_*","allow_entry":"null"}`:                    `{"allow_entry":` + truth + `,"participant_id":` + id + `}`,
			`{"participant_id":"` + meetingNobody + `x","allow_entry":" true"}`:         `{"allow_entry":` + truth + `,"participant_id":` + id + `}`,
			`{"participant_id":null,"allow_entry":null}`:                                `{"allow_entry":["This field may not be null."],"participant_id":["This field may not be null."]}`,
			`{"participant_id":"sub-olga","allow_entry":true}`:                          `{"participant_id":` + id + `}`,
			`{"participant_id":"2f7f162f_e7d1_421b_90e7_02bfbfbf8def","allow_entry":1}`: `{"participant_id":` + id + `}`,
		} {
			boss.post(s.path+"enter/", body).is(400, want)
			boss.post(roomsPath("nowhere")+"enter/", body).is(400, want) // before the room is looked for
			s.as(s.guest).post(s.path+"enter/", body).is(400, want)
		}
	}
}

func TestMeetingAnIDInOtherBracketsIsNone(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b, boss := s.stranger(), s.as(s.owner)
	s.knock(b, "Ann")
	for _, id := range []string{"<" + b.id() + ">", "x" + b.id() + "x"} {
		boss.post(s.path+"enter/", map[string]any{"participant_id": id, "allow_entry": true}).is(400, `{"participant_id":["Must be a valid UUID."]}`)
	}
}

func TestMeetingModeratorsSeeWhoWaitsInOrder(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	var ids []any
	for _, name := range []string{"Ann", "Bob", "Cleo", "Dora"} {
		b := s.stranger()
		if name == "Cleo" {
			b = s.as(s.guest)
		}
		s.knock(b, name)
		ids = append(ids, b.id())
	}
	boss := s.as(s.owner)
	s.decide(boss, ids[1].(string), true)
	s.decide(boss, ids[3].(string), false)
	for _, who := range []domain.User{s.owner, s.admin} {
		a := s.as(who).get(s.path + "waiting-participants/")
		roomsHas(a, 200, map[string]any{
			"participants.0.username": "Ann", "participants.0.id": ids[0], "participants.0.status": "waiting", "participants.0.color": domain.Color(ids[0].(string)),
			"participants.1.username": "Cleo", "participants.1.id": ids[2], "participants.2": nil,
		})
		if got := roomsKeys(roomsAt(a, "participants.0")); got != "color id status username" {
			t.Errorf("keys %s", got)
		}
	}
	s.Forward(3 * time.Second)
	boss.get(s.path+"waiting-participants/").is(200, `{"participants":[]}`)
}

func TestMeetingWhoWaitsElsewhereIsNotListed(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.world.room("elsewhere", s.owner, roomsLevel(domain.Restricted))
	s.stranger().post("/rooms/elsewhere/request-entry/", map[string]any{"username": "Ann"}).is(200, "-")
	s.as(s.owner).get(s.path+"waiting-participants/").is(200, `{"participants":[]}`)
	for _, key := range []string{uuid.NewString(), "nowhere"} {
		s.as(s.owner).get(roomsPath(key)+"waiting-participants/").is(404, roomsNoRoom)
	}
}

func TestMeetingEntriesLastAsLongAsTheContractSays(t *testing.T) {
	t.Parallel()
	const little = 10 * time.Millisecond
	for _, test := range []struct {
		decision any // nil for none
		lasts    time.Duration
	}{{nil, 3 * time.Second}, {true, 6 * time.Hour}, {false, 5 * time.Second}} {
		s := newMeeting(t, domain.Restricted)
		b, boss := s.stranger(), s.as(s.owner)
		s.knock(b, "Ann")
		if allow, decided := test.decision.(bool); decided {
			s.decide(boss, b.id(), allow)
		}
		id := b.id()
		s.Forward(test.lasts - little)
		if _, there := s.entry(id); !there {
			t.Errorf("%v: gone too early", test.decision)
		}
		s.Forward(little)
		if _, there := s.entry(id); there {
			t.Errorf("%v: still there", test.decision)
		}
		roomsHas(s.knock(b, "Bob"), 200, map[string]any{"status": "waiting", "username": "Bob", "id": id})
		if len(s.meeting.Announced) != 2 {
			t.Errorf("%v: announced %v", test.decision, s.meeting.Announced)
		}
	}
}

func TestMeetingPollsKeepTheWaitingButChangeNoDecision(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	waiter, accepted, denied, boss := s.stranger(), s.stranger(), s.stranger(), s.as(s.owner)
	for _, b := range []*browser{waiter, accepted, denied} {
		s.knock(b, "Ann")
	}
	s.decide(boss, accepted.id(), true)
	s.decide(boss, denied.id(), false)
	for range 2 {
		s.Forward(2 * time.Second)
		roomsHas(s.knock(waiter, "Ann"), 200, map[string]any{"status": "waiting"})
		roomsHas(s.knock(accepted, "Ann"), 200, map[string]any{"status": "accepted"})
		roomsHas(s.knock(denied, "Ann"), 200, map[string]any{"status": "denied", "livekit": nil})
	}
	s.Forward(2 * time.Second)
	roomsHas(s.knock(waiter, "Ann"), 200, map[string]any{"status": "waiting"})
	roomsHas(s.knock(denied, "Ann"), 200, map[string]any{"status": "waiting"}) // may knock again
	s.Forward(6*time.Hour - 10*time.Second)
	roomsHas(s.knock(accepted, "Ann"), 200, map[string]any{"status": "accepted"})
	if len(s.meeting.Announced) != 4 {
		t.Errorf("announced %v", s.meeting.Announced)
	}
}
