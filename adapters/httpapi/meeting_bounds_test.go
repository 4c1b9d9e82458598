package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"meet/domain"
)

func TestMeetingWhatIsTooLargeForLiveKitIsRefused(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.join("bob")
	long := `{"name":["Ensure this field has no more than 256 bytes."]}`
	for _, name := range []string{strings.Repeat("😀", 255), strings.Repeat("é", 129), "x" + strings.Repeat("😀", 64)} {
		s.bearing(s.pass("bob")).post(s.path+"rename/", map[string]any{"name": name}).is(400, long)
		s.update(s.as(s.owner), map[string]any{"name": name}).is(400, long)
	}
	big := strings.Repeat("x", 64_001)
	s.update(s.as(s.owner), map[string]any{"metadata": map[string]any{"a": big}}).is(400, `{"metadata":["Ensure this field has no more than 64000 bytes."]}`)
	s.update(s.as(s.owner), map[string]any{"attributes": map[string]any{"a": big[:32_000], "b": big[:32_000]}}).
		is(400, `{"attributes":["Ensure this field has no more than 64000 bytes."]}`)
	if s.called("change") != 0 {
		t.Errorf("called %v", s.meeting.Said())
	}
	s.bearing(s.pass("bob")).post(s.path+"rename/", map[string]any{"name": strings.Repeat("😀", 64)}).is(200, meetingDone)
}

func TestMeetingTheFirstProblemOfAChangeIsTheOnlyOne(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.as(s.owner).post(s.path+"update-participant/", map[string]any{}).is(400, `{"participant_identity":["This field is required."]}`)
}

func TestMeetingTokensWithoutEndAreRefused(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withSubtitles)
	s.join("ann")
	s.everywhere("without end", s.bearing(s.pass("ann", map[string]any{"exp": nil})), 403, meetingBadToken+`Token is missing the \"exp\" claim`)
}

func TestMeetingReportsOfImpossibleTimesAreRefused(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	for _, at := range []string{"99999999999", "1773500966000", "1773500966000000", "1773500966000000000", "-1", "-9223372036854775808", "9223372036854775807"} {
		for _, body := range []string{
			`"createdAt":"%s"`, `"createdAt":"1773500966","room":{"name":"r","creationTime":"%s"}`,
			`"createdAt":"1773500966","participant":{"sid":"PA_1","identity":"x","joinedAt":"%s"}`,
		} {
			body = `{"event":"participant_joined","id":"1",` + fmt.Sprintf(body, at) + `}`
			s.deliver(s.hookAuth(body), body).is(400, `{"status":"error"}`)
		}
	}
	if s.kept() {
		t.Error("kept")
	}
	body := `{"event":"participant_joined","id":"2","room":{"name":"r"},"participant":{"sid":"PA_1","identity":"x"}}`
	s.deliver(s.hookAuth(body), body).is(200, meetingDone) // no time at all
}
