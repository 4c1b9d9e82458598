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

// withSession signs the person in by a session of the provider.
func (w *world) withSession(user domain.User, sid string) *browser {
	w.t.Helper()
	b := w.stranger()
	w.provider.People[sid] = map[string]any{"sub": user.Sub, "sid": sid}
	b.signIn(sid).is(302, "")
	return b
}

// compare looks at the meetings as it happens once a minute.
func (w *world) compare() {
	w.t.Helper()
	if err := w.events.Reconcile(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// The provider may end a sign-in of which we have no session any more.
func TestMeetingWhoIsSignedOutByTheProviderLeavesWithoutASessionToo(t *testing.T) {
	t.Parallel()
	age := func(s *meetingScene, _ *browser) { s.Forward(15 * time.Minute) }
	out := func(_ *meetingScene, b *browser) { b.get("/logout/").is(302, "") }
	for name, c := range map[string]struct {
		ends func(s *meetingScene, b *browser)
		sid  string
	}{
		"session too old":                 {age, ""},
		"session too old, one sign-in":    {age, "s1"},
		"session too old, another's word": {age, "s2"},
		"signed out here":                 {out, ""},
		"signed out here, one sign-in":    {out, "s1"},
	} {
		s := newMeeting(t, domain.Restricted, func(s *setup) { s.http.SessionAge = 15 * time.Minute })
		b := s.withSession(s.owner, "s1")
		s.told("room_started", "RM_1", "")
		s.join(s.owner.Sub)
		s.told("participant_joined", "RM_1", s.person(s.owner.Sub))
		c.ends(s, b)
		s.compare()
		if s.called("remove") != 0 {
			t.Errorf("%s: put out before the provider said so", name)
		}
		s.signedOut(s.owner.Sub, c.sid)
		if s.called("remove "+s.owner.Sub) != 1 {
			t.Errorf("%s: called %v", name, s.meeting.Said())
		}
		s.expectArrival(name+": old token", s.owner.Sub, "", false)
		s.withSession(s.owner, "s3")
		s.expectArrival(name+": signed in again", s.owner.Sub, "", true)
	}
}

// The end of one sign-in is not the end of another of the same person.
func TestMeetingAnotherSignInOutlastsTheEndOfOne(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sid  string
		puts int // out of the meeting: nobody can tell whose token was used
	}{"one that we know": {"s1", 1}, "one whose session has ended": {"s0", 0}} {
		s := newMeeting(t, domain.Restricted, func(s *setup) { s.http.SessionAge = 15 * time.Minute })
		s.withSession(s.owner, "s0")
		s.Forward(15 * time.Minute)
		s.withSession(s.owner, "s1")
		s.withSession(s.owner, "s2")
		s.told("room_started", "RM_1", "")
		s.join(s.owner.Sub)
		s.told("participant_joined", "RM_1", s.person(s.owner.Sub))
		if err := s.store.Sweep(t.Context(), s.Now()); err != nil {
			t.Fatal(err)
		}
		s.signedOut(s.owner.Sub, c.sid)
		if s.called("remove") != c.puts {
			t.Errorf("%s: called %v", name, s.meeting.Said())
		}
		s.expectArrival(name, s.owner.Sub, "", true)
		s.Forward(15 * time.Minute)
		s.compare()
		if s.called("remove") != c.puts {
			t.Errorf("%s, when the other session ends: called %v", name, s.meeting.Said())
		}
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
