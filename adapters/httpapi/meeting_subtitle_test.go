package httpapi_test

import (
	"slices"
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
		for _, body := range []any{nil, map[string]any{}, form{}, form{"agent": "another", "room": meetingNobody}, `{"agent_name":"another"}`} {
			b.post(s.path+"start-subtitle/", body).is(200, meetingDone)
			want = append(want, "dispatch an-agent to "+s.room.ID.String())
		}
	}
	if got := s.meeting.Said(); !slices.Equal(got, want) {
		t.Errorf("called %v", got)
	}
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
