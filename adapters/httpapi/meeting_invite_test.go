package httpapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meet/domain"
)

const meetingInvited = `{"status":"success","message":"invitations sent"}`

func (s *meetingScene) invite(b *browser, emails ...string) answer {
	s.t.Helper()
	return b.post(s.path+"invite/", map[string]any{"emails": emails})
}

// delivered is to whom letters went.
func (s *meetingScene) delivered() []string {
	s.t.Helper()
	if err := s.invites.Deliver(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	var to []string
	for _, letter := range s.mail.Sent {
		to = append(to, letter.To)
	}
	slices.Sort(to)
	return to
}

func TestMeetingModeratorsInviteEachByALetterOfTheirOwn(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"owner", "administrator"} {
		s := newMeeting(t, domain.Restricted)
		sender := map[string]domain.User{"owner": s.owner, "administrator": s.admin}[who]
		s.invite(s.as(sender), "ann@example.com", " bob@example.com ", "ann@example.com", "Ann@example.com").is(200, meetingInvited)
		if len(s.mail.Sent) != 0 {
			t.Error("sent while the client waits")
		}
		if got := s.delivered(); !slices.Equal(got, []string{"Ann@example.com", "ann@example.com", "bob@example.com"}) {
			t.Errorf("to %v", got)
		}
		for _, letter := range s.mail.Sent {
			if letter.Sender != sender.Email || letter.Slug != "weekly" || letter.Language != "en-us" {
				t.Errorf("letter %+v", letter)
			}
		}
		if got := s.delivered(); len(got) != 3 {
			t.Errorf("sent again: %v", got)
		}
	}
}

func TestMeetingInvitationsMayBeAMultipartForm(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	roomsMultipart(s.as(s.owner), "POST", s.path+"invite/", "emails[0]", "ann@example.com", "emails[1]", "bob@example.com").is(200, meetingInvited)
	if got := s.delivered(); len(got) != 2 {
		t.Errorf("to %v", got)
	}
}

func TestMeetingInvitationsAreInTheLanguageOfTheRequest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ header, cookie, want string }{
		{"", "", "en-us"}, {"fr", "", "fr-fr"}, {"fr-FR,fr;q=0.9,en;q=0.8", "", "fr-fr"}, {"fr-CA", "", "fr-fr"}, {"de;q=0.5, nl", "", "nl-nl"},
		{"it, de;q=0.1", "", "de-de"}, {"it", "", "en-us"}, {"*", "", "en-us"}, {"garbage;;q=x", "", "en-us"}, {"de", "fr-fr", "fr-fr"}, {"de", "xx", "de-de"},
		{"en-GB", "", "en-us"}, {"", "nl-nl", "nl-nl"},
	} {
		s := newMeeting(t, domain.Restricted)
		b := s.as(s.owner)
		b.header["Accept-Language"] = test.header
		if test.cookie != "" {
			b.cookies["django_language"] = test.cookie
		}
		s.invite(b, "ann@example.com").is(200, meetingInvited)
		if s.delivered(); s.mail.Sent[0].Language != test.want {
			t.Errorf("%+v: letter in %s", test, s.mail.Sent[0].Language)
		}
	}
}

func TestMeetingInvitationsNeedAddresses(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b := s.as(s.owner)
	list := func(kind string) string {
		return `["Expected a list of items but got type \"` + kind + `\"."]`
	}
	for body, want := range map[string]string{
		`{}`: `["This field is required."]`, ``: `["This field is required."]`, `{"emails":null}`: `["This field may not be null."]`,
		`{"emails":[]}`: `["This list may not be empty."]`, `{"emails":"ann@example.com"}`: list("str"), `{"emails":{}}`: list("dict"),
		`{"emails":5}`: list("int"), `{"emails":true}`: list("bool"),
		`{"emails":["a","b"]}`:               `{"0":["Enter a valid email address."],"1":["Enter a valid email address."]}`,
		`{"emails":["ann@example.com","b"]}`: `{"1":["Enter a valid email address."]}`,
		`{"emails":["",null,["x"],true,5,"ann@example.com"," "]}`: `{"0":["This field may not be blank."],"1":["This field may not be null."],
			"2":["Not a valid string."],"3":["Not a valid string."],"4":["Enter a valid email address."],"6":["This field may not be blank."]}`,
	} {
		roomsLike(b.post(s.path+"invite/", body), 400, `{"emails":`+want+`}`)
	}
	if got := s.delivered(); len(got) != 0 {
		t.Errorf("to %v", got)
	}
}

func TestMeetingAnAddressIsOneThatMailCanReach(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b := s.as(s.owner)
	for _, email := range []string{
		"a@b", "@example.com", "a@", "a b@example.com", "a@example..com", "a@-example.com", "a@example.com-", "a@example.c", "a..b@example.com", ".a@example.com",
		"ann@example.com\r\nBcc: eve@example.com", "ann@example.com\nx", "ann@example.com,eve@example.com", "Ann <ann@example.com>", "ann@exa mple.com",
		"ann@example.com\u0000", "a@example.123-", strings.Repeat("a", 320) + "@example.com", "a@[300.0.0.1]", "ann\u200b@example.com",
	} {
		if a := s.invite(b, email); a.status != 400 || !strings.HasPrefix(a.body, `{"emails":{"0":["`) {
			t.Errorf("%q: %d %s", email, a.status, a.body)
		}
	}
	for _, email := range []string{"a@localhost", "a@[127.0.0.1]", "o'hara+x@example.co.uk", "a@bücher.example", `"ab"@example.com`, "A@EXAMPLE.COM", "a@xn--bcher-kva.example"} {
		s.invite(b, email).is(200, meetingInvited)
	}
}

func TestMeetingOneRequestWritesToAHundredPeople(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b := s.as(s.owner)
	emails := make([]string, 101)
	for i := range emails {
		emails[i] = fmt.Sprintf("person%d@example.com", i)
	}
	s.invite(b, emails...).is(400, `{"emails":["Ensure this field has no more than 100 elements."]}`)
	s.invite(b, emails[1:]...).is(200, meetingInvited)
	if got := s.delivered(); len(got) != 100 {
		t.Errorf("%d letters", len(got))
	}
}

func TestMeetingALetterThatFailsIsSentLater(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.mail.Err = domain.ErrLiveKitDown // any failure
	s.invite(s.as(s.owner), "ann@example.com", "bob@example.com").is(200, meetingInvited)
	s.delivered()
	s.mail.Err = nil
	if got := s.delivered(); len(got) != 0 {
		t.Errorf("tried again at once: %v", got)
	}
	s.Forward(time.Minute)
	if got := s.delivered(); len(got) != 2 {
		t.Errorf("to %v", got)
	}
}

func TestMeetingALetterIsNotSentForEver(t *testing.T) {
	t.Parallel()
	for failure, later := range map[error]time.Duration{domain.ErrLetterRefused: time.Hour, domain.ErrLiveKitDown: 24 * time.Hour} {
		s := newMeeting(t, domain.Restricted)
		s.mail.Err = failure
		s.invite(s.as(s.owner), "ann@example.com").is(200, meetingInvited)
		s.delivered()
		s.mail.Err = nil
		s.Forward(later)
		if got := s.delivered(); len(got) != 0 {
			t.Errorf("%v: to %v", failure, got)
		}
	}
}

func TestMeetingARoomIsLookedForBeforeTheAddresses(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	s.as(s.owner).post(roomsPath("nowhere")+"invite/", `{`).is(404, roomsNoRoom)
	for _, user := range []domain.User{s.member, s.guest} {
		s.as(user).post(s.path+"invite/", `{`).is(403, meetingPrivileges)
	}
	s.stranger().post(s.path+"invite/", `{`).is(401, noSession)
}
