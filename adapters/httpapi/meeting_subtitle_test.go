package httpapi_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"meet/domain"
)

func TestMeetingAnybodyInTheRoomStartsSubtitles(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted, func(s *setup) { s.http.SubtitleAgent = "an-agent" })
	want := []string{}
	for _, identity := range []string{"ann", s.guest.Sub, s.owner.Sub} {
		b := s.bearing(s.pass(identity))
		b.post(s.path+"start-subtitle/", nil).is(403, `{"error":"Could not verify caller presence"}`)
		s.join(identity)
		for _, body := range []any{nil, map[string]any{}, form{}, form{"agent": "another", "room": meetingNobody}, `{"agent_name":"another"}`} {
			b.post(s.path+"start-subtitle/", body).is(200, meetingDone)
			want = append(want, "dispatch an-agent to "+s.room.ID.String())
		}
	}
	got := slices.DeleteFunc(s.meeting.Said(), func(call string) bool { return strings.HasPrefix(call, "find ") })
	if !slices.Equal(got, want) {
		t.Errorf("called %v", got)
	}
}

func TestMeetingSubtitlesAreNotAskedForAllTheTime(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withSubtitles)
	s.join("ann")
	s.join("bob")
	for range 20 {
		s.bearing(s.pass("ann")).post(s.path+"start-subtitle/", nil).is(200, meetingDone)
	}
	if a := s.bearing(s.pass("ann")).post(s.path+"start-subtitle/", nil); a.status != 429 || a.header("Retry-After") == "" {
		t.Errorf("%d %s", a.status, a.body)
	}
	s.bearing(s.pass("bob")).post(s.path+"start-subtitle/", nil).is(200, meetingDone)
}

func TestMeetingSubtitlesThatAreOffDoNotExist(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.bearing("invalid-token").post(s.path+"start-subtitle/", nil).is(403, meetingBadToken+`Not enough segments"}`)
	for _, b := range []*browser{s.bearing(s.pass("ann")), s.stranger(), s.as(s.owner), s.bearing(s.otherPass("ann"))} {
		b.post(s.path+"start-subtitle/", nil).is(404, roomsNotFound)
		b.post(roomsPath("nowhere")+"start-subtitle/", nil).is(404, roomsNotFound)
	}
	if got := s.meeting.Said(); len(got) != 0 {
		t.Errorf("called %v", got)
	}
}

func TestMeetingSubtitlesAreOfTheTokensRoom(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withSubtitles)
	for _, b := range []*browser{s.stranger(), s.as(s.owner)} {
		b.post(s.path+"start-subtitle/", nil).is(403, noSession)
	}
	s.bearing(s.otherPass(s.owner.Sub)).post(s.path+"start-subtitle/", nil).is(403, forbidden)
	for _, key := range []string{uuid.NewString(), "nowhere"} {
		for _, b := range []*browser{s.bearing(s.pass("ann")), s.stranger(), s.as(s.owner)} {
			b.post(roomsPath(key)+"start-subtitle/", nil).is(404, roomsNoRoom)
		}
	}
	if got := s.meeting.Said(); len(got) != 0 {
		t.Errorf("called %v", got)
	}
}
