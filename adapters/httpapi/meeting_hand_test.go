package httpapi_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"meet/domain"
)

// people are identities with their passes: of a stranger and of an account.
func (s *meetingScene) people() map[string]*browser {
	return map[string]*browser{
		"anon-participant-id": s.bearing(s.pass("anon-participant-id")), s.guest.Sub: s.bearing(s.pass(s.guest.Sub)), s.owner.Sub: s.bearing(s.pass(s.owner.Sub)),
	}
}

func TestMeetingPeopleRaiseAndLowerTheirOwnHand(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	iso := regexp.MustCompile(`^2026-03-14T15:09:26\.\d{1,6}\+00:00$`)
	for identity, b := range s.people() {
		s.join(identity)
		for raised, up := range map[any]bool{true: true, false: false, "true": true, "off": false, 1: true, 0: false} {
			s.meeting.Calls, s.meeting.Changes = nil, nil
			a := b.post(s.path+"toggle-hand/", map[string]any{"raised": raised, "participant_identity": s.owner.Sub, "identity": s.owner.Sub})
			a.is(200, meetingDone)
			if len(s.meeting.Changes) != 1 || s.called("change "+identity) != 1 || len(s.meeting.Said()) != 1 {
				t.Fatalf("called %v", s.meeting.Said())
			}
			change := s.meeting.Changes[0]
			since, given := change.Attributes["handRaisedAt"]
			if !given || len(change.Attributes) != 1 || iso.MatchString(since) != up || (since == "") == up {
				t.Errorf("%s, %v: change %+v", identity, raised, change)
			}
			if change.Name != "" || change.Metadata != nil || change.Permission != nil {
				t.Errorf("%s, %v: change %+v", identity, raised, change)
			}
		}
	}
}

func TestMeetingPeopleRenameThemselves(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	for identity, b := range s.people() {
		s.join(identity)
		for given, want := range map[any]string{"New name": "New name", " 张三 ": "张三", 5: "5", strings.Repeat("é", 128): strings.Repeat("é", 128)} {
			s.meeting.Calls, s.meeting.Changes = nil, nil
			b.post(s.path+"rename/", map[string]any{"name": given, "participant_identity": s.owner.Sub, "permission": map[string]any{"hidden": true}}).is(200, meetingDone)
			if len(s.meeting.Changes) != 1 || s.called("change "+identity) != 1 {
				t.Fatalf("called %v", s.meeting.Said())
			}
			if change := s.meeting.Changes[0]; change.Name != want || change.Attributes != nil || change.Metadata != nil || change.Permission != nil {
				t.Errorf("%s, %v: change %+v", identity, given, change)
			}
		}
		b.post(s.path+"rename/", form{"name": "Formal"}).is(200, meetingDone)
	}
	if user, err := s.users.BySub(t.Context(), s.guest.Sub); err != nil || user.FullName != s.guest.FullName {
		t.Errorf("the account is %+v, error %v", user, err)
	}
}

func TestMeetingNamesOfAccountsStayWhereTheInstanceSaysSo(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, func(s *setup) { s.http.Client.MayEditName = false })
	for identity, b := range s.people() {
		s.join(identity)
		status, body := 403, forbidden
		if identity == "anon-participant-id" {
			status, body = 200, meetingDone
		}
		b.post(s.path+"rename/", map[string]any{"name": "New name"}).is(status, body)
		b.post(s.path+"toggle-hand/", map[string]any{"raised": true}).is(200, meetingDone)
	}
	if len(s.meeting.Changes) != 4 {
		t.Errorf("changes %+v", s.meeting.Changes)
	}
}

func TestMeetingAHandIsUpOrDown(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.join("ann")
	b := s.bearing(s.pass("ann"))
	for body, want := range map[string]string{
		`{}`: "This field is required.", ``: "This field is required.", `{"raised":null}`: "This field may not be null.",
		`{"raised":"not-a-boolean"}`: "Must be a valid boolean.", `{"raised":""}`: "Must be a valid boolean.", `{"raised":2}`: "Must be a valid boolean.",
		`{"raised":[]}`: "Must be a valid boolean.", `{"raised":{}}`: "Must be a valid boolean.", `{"raised":"null"}`: "Must be a valid boolean.",
	} {
		b.post(s.path+"toggle-hand/", body).is(400, `{"raised":["`+want+`"]}`)
	}
	if got := s.meeting.Said(); len(got) != 0 {
		t.Errorf("called %v", got)
	}
}

func TestMeetingANameIsNeitherBlankNorLong(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.join("ann")
	b := s.bearing(s.pass("ann"))
	for body, want := range map[string]string{
		`{}`: "This field is required.", ``: "This field is required.", `{"name":null}`: "This field may not be null.", `{"name":""}`: "This field may not be blank.",
		`{"name":" \n"}`: "This field may not be blank.", `{"name":["x"]}`: "Not a valid string.", `{"name":true}`: "Not a valid string.",
		`{"name":"` + strings.Repeat("x", 256) + `"}`: "Ensure this field has no more than 255 characters.", `{"name":"a\u0000"}`: "Null characters are not allowed.",
	} {
		b.post(s.path+"rename/", body).is(400, `{"name":["`+want+`"]}`)
	}
	if got := s.meeting.Said(); len(got) != 0 {
		t.Errorf("called %v", got)
	}
}

func TestMeetingWhoLeftRaisesNoHandAndChangesNoName(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	for _, b := range s.people() {
		b.post(s.path+"toggle-hand/", map[string]any{"raised": true}).is(404, meetingNotThere)
		b.post(s.path+"rename/", map[string]any{"name": "x"}).is(404, meetingNotThere)
	}
}

func TestMeetingAPassOpensNoRoomThatIsNotThere(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	gone := uuid.NewString()
	for _, key := range []string{gone, "nowhere"} {
		b := s.bearing(s.pass("ann", map[string]any{"video": map[string]any{"room": key}}))
		for _, action := range []string{"toggle-hand/", "rename/", "mute-participant/"} {
			b.post(roomsPath(key)+action, `{}`).is(404, roomsNoRoom)
		}
	}
	for _, key := range []string{"weekly", strings.ToUpper(s.room.ID.String())} { // any address of the room will do
		s.join("ann")
		s.bearing(s.pass("ann")).post(roomsPath(key)+"toggle-hand/", map[string]any{"raised": true}).is(200, meetingDone)
	}
}
