package httpapi_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

// signedOut reports to us that the provider ended a sign-in.
func (w *world) signedOut(subject, sid string) {
	w.t.Helper()
	token := uuid.NewString()
	w.provider.Notices[token] = domain.LogoutNotice{Subject: subject, SID: sid, ID: token}
	machine := w.stranger()
	machine.header["Content-Type"] = "application/x-www-form-urlencoded"
	machine.post("/backchannel-logout/", "logout_token="+token).is(204, "")
}

// compare looks at the meetings as it happens once a minute.
func (w *world) compare() {
	w.t.Helper()
	if err := w.events.Reconcile(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// A session may end in many ways while its holder is in a meeting: only the
// provider's word that the person is signed out ends the meeting too.
func TestMeetingWhoSignedInAgainStaysWhenTheSessionEnds(t *testing.T) {
	t.Parallel()
	for name, ends := range map[string]func(s *meetingScene, b *browser){
		"by its age":                   func(s *meetingScene, _ *browser) { s.Forward(15 * time.Minute) },
		"by a sign-out in another tab": func(_ *meetingScene, b *browser) { b.get("/logout/").is(302, "") },
		"by its age, and it is forgotten": func(s *meetingScene, _ *browser) {
			s.Forward(15 * time.Minute)
			if err := s.store.Sweep(s.t.Context(), s.Now()); err != nil {
				s.t.Error(err)
			}
		},
	} {
		s := newMeeting(t, domain.Restricted, func(s *setup) { s.http.SessionAge = 15 * time.Minute })
		s.as(s.owner)
		s.signedOut(s.owner.Sub, "")
		s.Forward(5 * time.Minute)
		again := s.as(s.owner)
		s.expectArrival(name+": signed in again", s.owner.Sub, "", true)
		ends(s, again)
		s.compare()
		if s.called("remove") != 0 {
			t.Errorf("a session ended %s: called %v", name, s.meeting.Said())
		}
	}
}
