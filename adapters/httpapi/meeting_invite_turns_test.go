package httpapi_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"meet/adapters/httpapi"
	"meet/domain"
)

func addresses(from, count int) []string {
	var list []string
	for i := range count {
		list = append(list, fmt.Sprintf("person%d@example.com", from+i))
	}
	return list
}

func TestMeetingNobodysLettersWaitForAnothersMany(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	for i := range 5 {
		s.invite(s.as(s.owner), addresses(100*i, 100)...).is(200, meetingInvited)
	}
	s.invite(s.as(s.admin), "ann@example.com").is(200, meetingInvited)
	if err := s.invites.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	turn := slices.IndexFunc(s.mail.Sent, func(letter domain.Letter) bool { return letter.To == "ann@example.com" })
	if turn < 0 || turn > 1 || len(s.mail.Sent) != 501 {
		t.Errorf("of %d letters the one of the other was number %d", len(s.mail.Sent), turn+1)
	}
}

func TestMeetingOnePersonInvitesSoManyADay(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted, func(s *setup) { s.http.Rates.Invitations = httpapi.Rate{Limit: 150, Period: 24 * time.Hour} })
	boss := s.as(s.owner)
	s.invite(boss, addresses(0, 100)...).is(200, meetingInvited)
	if a := s.invite(boss, addresses(0, 100)...); a.status != 429 || a.header("Retry-After") == "" {
		t.Errorf("%d %s", a.status, a.body)
	}
	s.invite(boss, addresses(0, 49)...).is(200, meetingInvited)
	s.invite(s.as(s.admin), addresses(0, 100)...).is(200, meetingInvited)
	if got := s.delivered(); len(got) != 249 {
		t.Errorf("%d letters", len(got))
	}
}

// TestMeetingMoreInvitationsThanTheLimitAllowsAreBadInput asks for more people than the
// limit ever allows: to wait would not help.
func TestMeetingMoreInvitationsThanTheLimitAllowsAreBadInput(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted, func(s *setup) { s.http.Rates.Invitations = httpapi.Rate{Limit: 50, Period: 24 * time.Hour} })
	boss := s.as(s.owner)
	for _, many := range []int{51, 60, 100} {
		s.invite(boss, addresses(0, many)...).is(400, `{"emails":["Ensure this field has no more than 50 elements."]}`)
	}
	s.invite(boss, addresses(0, 50)...).is(200, meetingInvited)
	a := s.invite(boss, addresses(0, 50)...)
	if a.status != 429 || len(a.header("Retry-After")) < 4 {
		t.Errorf("%d %s, Retry-After %q", a.status, a.body, a.header("Retry-After"))
	}
}
