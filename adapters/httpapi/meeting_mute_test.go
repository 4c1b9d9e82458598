package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"meet/domain"
)

var meetingTrack = map[string]any{"participant_identity": "bob", "track_sid": "TR_1"}

func (s *meetingScene) mute(b *browser) answer {
	s.t.Helper()
	return b.post(s.path+"mute-participant/", meetingTrack)
}

// otherPass is a token for another room.
func (s *meetingScene) otherPass(identity string) string {
	return s.pass(identity, map[string]any{"video": map[string]any{"room": uuid.NewString(), "roomJoin": true, "roomAdmin": true}})
}

func TestMeetingWhoMayMute(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	for _, identity := range []string{"bob", "ann", s.admin.Sub, s.owner.Sub} {
		s.join(identity)
	}
	callers := map[string]*browser{
		"owner": s.as(s.owner), "administrator": s.as(s.admin), "member": s.as(s.member), "guest": s.as(s.guest), "nobody": s.stranger(),
		"pass": s.bearing(s.pass("ann")), "administrator's pass": s.bearing(s.pass(s.admin.Sub)), "owner's pass": s.bearing(s.pass(s.owner.Sub)),
		"other room's pass": s.bearing(s.otherPass("ann")), "other room's administrator's pass": s.bearing(s.otherPass(s.admin.Sub)),
	}
	for _, configuration := range []domain.RoomConfiguration{
		nil, {}, {"everyone_can_mute": true}, {"everyone_can_mute": false}, {"everyone_can_mute": nil}, {"everyone_can_mute": "no"}, {"everyone_can_mute": 0.0},
	} {
		s.configure(configuration)
		value, set := configuration["everyone_can_mute"]
		everyone := !set || value == true
		for who, b := range callers {
			before := s.called("mute")
			a := s.mute(b)
			pass := strings.HasSuffix(who, "pass")
			switch {
			case who == "owner", who == "administrator", pass && everyone && !strings.HasPrefix(who, "other"):
				a.is(200, meetingDone)
				before++
			case who == "nobody":
				a.is(403, noSession)
			default:
				a.is(403, forbidden)
			}
			if s.called("mute") != before {
				t.Errorf("%s, %v: %d %s, called %v", who, configuration, a.status, a.body, s.meeting.Said())
			}
		}
	}
}

func TestMeetingMutingNamesTheTrack(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.join("bob")
	s.mute(s.as(s.owner)).is(200, meetingDone)
	if got := s.meeting.Said(); !slices.Equal(got, []string{"mute bob TR_1"}) { // and nobody asks whether the moderator is there
		t.Errorf("called %v", got)
	}
}

func TestMeetingWhoMutesByPassMustBePresent(t *testing.T) {
	t.Parallel()
	const absent = `{"error":"Could not verify caller presence"}`
	s := newMeeting(t, domain.Public)
	s.join("bob")
	b := s.bearing(s.pass("ann"))
	s.mute(b).is(403, absent)
	s.meeting.Join(uuid.NewString(), domain.Participant{Identity: "ann"}, s.Now())
	s.mute(b).is(403, absent) // is in another room
	s.join("ann")
	before := len(s.meeting.Said())
	s.mute(b).is(200, meetingDone)
	if got := s.meeting.Said()[before:]; !slices.Equal(got, []string{"find ann", "mute bob TR_1"}) {
		t.Errorf("called %v", got)
	}
	for _, failure := range []error{domain.ErrLiveKitRefused, domain.ErrLiveKitDown, domain.ErrLiveKitSlow, domain.ErrParticipantNotFound} {
		s.meeting.Err = failure
		s.mute(b).is(403, absent)
	}
	if s.called("mute") != 1 {
		t.Errorf("called %v", s.meeting.Said())
	}
}

func TestMeetingMutingSomebodyWhoIsNotThere(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.join("ann")
	s.mute(s.as(s.owner)).is(404, `{"error":"Participant not found"}`)
	s.mute(s.bearing(s.pass("ann"))).is(404, `{"error":"Participant not found"}`)
}

func TestMeetingMutingNeedsAParticipantAndATrack(t *testing.T) {
	t.Parallel()
	const required, blank, text = `["This field is required."]`, `["This field may not be blank."]`, `["Not a valid string."]`
	s := newMeeting(t, domain.Public)
	s.join("bob")
	s.join("ann")
	s.join("invalid-uuid")
	long := strings.Repeat("x", 256)
	for body, want := range map[string]string{
		`{}`:                             `{"participant_identity":` + required + `,"track_sid":` + required + `}`,
		`{"participant_identity":"bob"}`: `{"track_sid":` + required + `}`, `{"track_sid":"TR_1"}`: `{"participant_identity":` + required + `}`,
		`{"participant_identity":"invalid-uuid","track_sid":""}`:       `{"track_sid":` + blank + `}`,
		`{"participant_identity":"","track_sid":" "}`:                  `{"participant_identity":` + blank + `,"track_sid":` + blank + `}`,
		`{"participant_identity":["bob"],"track_sid":{}}`:              `{"participant_identity":` + text + `,"track_sid":` + text + `}`,
		`{"participant_identity":true,"track_sid":"T"}`:                `{"participant_identity":` + text + `}`,
		`{"participant_identity":"bob","track_sid":"` + long + `"}`:    `{"track_sid":["Ensure this field has no more than 255 characters."]}`,
		`{"participant_identity":"b\u0000","track_sid":"a\u0000"}`:     `{"participant_identity":["Null characters are not allowed."],"track_sid":["Null characters are not allowed."]}`,
		`{"participant_identity":null,"track_sid":"` + long[1:] + `"}`: `{"participant_identity":["This field may not be null."]}`,
		`[]`: `{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}`,
	} {
		s.as(s.owner).post(s.path+"mute-participant/", body).is(400, want)
		s.bearing(s.pass("absent")).post(s.path+"mute-participant/", body).is(400, want) // before presence is asked for
	}
	if got := s.meeting.Said(); len(got) != 0 {
		t.Errorf("called %v", got)
	}
	s.as(s.owner).post(s.path+"mute-participant/", form{"participant_identity": "invalid-uuid", "track_sid": "TR_2"}).is(200, meetingDone)
}

func TestMeetingARoomIsLookedForBeforeRightsAndBody(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	for _, b := range []*browser{s.as(s.owner), s.as(s.guest), s.bearing(s.pass("ann"))} {
		for _, key := range []string{uuid.NewString(), "nowhere"} {
			b.post(roomsPath(key)+"mute-participant/", `{}`).is(404, roomsNoRoom)
		}
	}
	s.stranger().post(roomsPath("nowhere")+"mute-participant/", `{}`).is(403, noSession)
	s.as(s.guest).post(s.path+"mute-participant/", `{}`).is(403, forbidden)
	s.bearing(s.otherPass("ann")).post(s.path+"mute-participant/", `{}`).is(403, forbidden)
}

func TestMeetingAPassComesBeforeTheSession(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.join("bob")
	s.join(s.guest.Sub)
	guest, boss := s.as(s.guest), s.as(s.owner)
	guest.header["Authorization"] = "Bearer " + s.pass(s.guest.Sub)
	delete(guest.header, "X-CSRFToken") // no session is used, so nothing can be forged
	s.mute(guest).is(200, meetingDone)
	boss.header["Authorization"] = "Bearer junk"
	s.mute(boss).is(403, `{"detail":"Invalid LiveKit token: Not enough segments"}`)
	boss.header["Authorization"] = "Basic b3Blbg=="
	s.mute(boss).is(403, `{"detail":"Authorization header must be: Bearer <token>"}`)
	boss.header["Authorization"] = "Bearer " + s.otherPass(s.owner.Sub)
	s.mute(boss).is(403, forbidden)
	boss.header["Authorization"] = ""
	s.mute(boss).is(200, meetingDone)
	delete(boss.header, "X-CSRFToken")
	s.mute(boss).is(403, `{"detail":"CSRF Failed: CSRF token missing."}`)
}

func TestMeetingModeratorsMuteEverybodyElse(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.configure(domain.RoomConfiguration{"everyone_can_mute": false})
	s.join(s.admin.Sub, "TR_own")
	s.join("bob", "TR_1", "TR_2")
	s.join(s.owner.Sub, "TR_3")
	s.join("silent")
	s.as(s.admin).post(s.path+"mute-all/", nil).is(200, `{"status":"success","muted":3}`)
	got := slices.DeleteFunc(s.meeting.Said(), func(call string) bool { return !strings.HasPrefix(call, "mute") })
	slices.Sort(got)
	want := []string{"mute bob TR_1", "mute bob TR_2", "mute " + s.owner.Sub + " TR_3"}
	if !slices.Equal(got, want) {
		t.Errorf("called %v", got)
	}
}

func TestMeetingMutingAnEmptyRoomIsFine(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.as(s.owner).post(s.path+"mute-all/", nil).is(200, `{"status":"success","muted":0}`)
	s.as(s.owner).send(http.MethodGet, s.path+"mute-all/", nil).is(405, `{"detail":"Method \"GET\" not allowed."}`)
}
