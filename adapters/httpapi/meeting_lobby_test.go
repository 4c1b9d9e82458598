package httpapi_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"meet/domain"
)

// visitors are browsers of everybody, by what they are.
func (s *meetingScene) visitors() map[string]*browser {
	return map[string]*browser{
		"stranger": s.stranger(), "guest": s.as(s.guest), "member": s.as(s.member), "administrator": s.as(s.admin), "owner": s.as(s.owner),
	}
}

func TestMeetingWhoNeedNotWaitEntersAtOnce(t *testing.T) {
	t.Parallel()
	for level, waits := range map[domain.AccessLevel]string{domain.Public: "", domain.Trusted: "stranger", domain.Restricted: "stranger guest"} {
		s := newMeeting(t, level)
		count := 0
		for who, b := range s.visitors() {
			a := s.knock(b, "Ann")
			if a.status != 200 || uuid.Validate(b.id()) != nil {
				t.Fatalf("%s, %s: %d %s, cookies %v", level, who, a.status, a.body, b.cookies)
			}
			want := map[string]any{"status": "accepted", "username": "Ann", "id": b.id(), "color": domain.Color(b.id()),
				"livekit.url": liveURL, "livekit.room": s.room.ID.String()}
			if strings.Contains(waits, who) {
				count++
				want["status"], want["livekit"] = "waiting", nil
				delete(want, "livekit.url")
				delete(want, "livekit.room")
			}
			roomsHas(a, 200, want)
			if got := roomsKeys(a.json()); got != "color id livekit status username" {
				t.Errorf("keys %s", got)
			}
		}
		if s.waiting() != count || len(s.meeting.Announced) != count {
			t.Errorf("%s: %d wait, announced %v, want %d", level, s.waiting(), s.meeting.Announced, count)
		}
	}
}

func TestMeetingAKnockIsAnnouncedOnceAndKept(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	for i, b := range []*browser{s.stranger(), s.as(s.guest), s.stranger()} {
		s.knock(b, "Ann")
		s.knock(b, "Another name")
		entry, there := s.entry(b.id())
		if !there || entry.Username != "Ann" || entry.Status != domain.Waiting || s.waiting() != i+1 {
			t.Errorf("entry %+v of %d", entry, s.waiting())
		}
		if len(s.meeting.Announced) != i+1 || s.meeting.Announced[i] != "participantWaiting" || s.called("announce "+s.room.ID.String()) != i+1 {
			t.Errorf("announced %v, called %v", s.meeting.Announced, s.meeting.Said())
		}
	}
}

func TestMeetingAnAcceptedPersonGetsATokenOfTheirOwn(t *testing.T) {
	t.Parallel()
	for _, mayName := range []bool{true, false} {
		s := newMeeting(t, domain.Restricted, func(s *setup) { s.rooms.MembersMayName = mayName })
		s.configure(domain.RoomConfiguration{"can_publish_sources": []any{"camera"}})
		boss := s.as(s.owner)
		for who, b := range map[string]*browser{"stranger": s.stranger(), "guest": s.as(s.guest)} {
			s.knock(b, "Ann")
			s.decide(boss, b.id(), true)
			a := s.knock(b, "Ann Boleyn")
			roomsHas(a, 200, map[string]any{"status": "accepted", "username": "Ann", "id": b.id(), "color": domain.Color(b.id()), "livekit.room": s.room.ID.String()})
			sub, name, known := b.id(), "Ann Boleyn", "false"
			if who == "guest" {
				sub, known = s.guest.Sub, "true"
			}
			if who == "guest" && !mayName {
				name = s.guest.FullName
			}
			claims := roomsClaims(t, roomsAt(a, "livekit.token"))
			attributes, _ := claims["attributes"].(map[string]any)
			if claims["sub"] != sub || claims["name"] != name || attributes["color"] != domain.Color(b.id()) ||
				attributes["is_authenticated"] != known || attributes["room_role"] != "" || roomsVideo(claims, "roomAdmin") == true {
				t.Errorf("%s, may name %v: claims %v", who, mayName, claims)
			}
			if sources, _ := roomsVideo(claims, "canPublishSources").([]any); len(sources) != 1 {
				t.Errorf("sources %v", sources)
			}
		}
	}
}

func TestMeetingARoleIsInTheTokenOfTheLobby(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	for role, b := range map[string]*browser{"member": s.as(s.member), "administrator": s.as(s.admin), "owner": s.as(s.owner)} {
		claims := roomsClaims(t, roomsAt(s.knock(b, "Ann"), "livekit.token"))
		attributes, _ := claims["attributes"].(map[string]any)
		if attributes["room_role"] != role || roomsVideo(claims, "roomAdmin") != nil {
			t.Errorf("%s: %v", role, claims)
		}
	}
	if s.waiting() != 0 || len(s.meeting.Said()) != 0 {
		t.Errorf("%d wait, called %v", s.waiting(), s.meeting.Said())
	}
}

func TestMeetingARoomThatOpensLetsInWhoWaited(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b, boss := s.stranger(), s.as(s.owner)
	s.knock(b, "Ann")
	id := b.id()
	boss.patch(s.path, map[string]any{"access_level": "public"}).is(200, "-")
	roomsHas(s.knock(b, "Bob"), 200, map[string]any{"status": "accepted", "username": "Ann", "id": id, "livekit.room": s.room.ID.String()})
	if entry, there := s.entry(id); !there || entry.Status != domain.Waiting || b.id() != id {
		t.Errorf("entry %+v", entry)
	}
}

func TestMeetingAnonymousIdentityStaysThatOfTheBrowser(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	b := s.stranger()
	for range 3 {
		claims := roomsClaims(t, roomsAt(s.knock(b, "Ann"), "livekit.token"))
		if claims["sub"] != b.id() {
			t.Errorf("identity %v of %s", claims["sub"], b.id())
		}
	}
	first := b.id()
	other := s.room
	s.room = s.world.room("elsewhere", s.owner)
	s.path = roomsPath("elsewhere")
	if claims := roomsClaims(t, roomsAt(s.knock(b, "Ann"), "livekit.token")); claims["sub"] != first || other.ID == s.room.ID {
		t.Errorf("identity %v, want %s in all rooms", claims["sub"], first)
	}
}

func TestMeetingAKnockWithoutAProperNameIsRefused(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	long := strings.Repeat("x", 256)
	for body, want := range map[string]string{
		``: `{"username":["This field is required."]}`, `{}`: `{"username":["This field is required."]}`,
		`{"username":null}`: `{"username":["This field may not be null."]}`, `{"username":""}`: `{"username":["This field may not be blank."]}`,
		`{"username":" \t"}`: `{"username":["This field may not be blank."]}`, `{"username":[]}`: `{"username":["Not a valid string."]}`,
		`{"username":{}}`: `{"username":["Not a valid string."]}`, `{"username":true}`: `{"username":["Not a valid string."]}`,
		`{"username":"a\u0000b"}`: `{"username":["Null characters are not allowed."]}`,
		`[]`:                      `{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}`,
		`"x"`:                     `{"non_field_errors":["Invalid data. Expected a dictionary, but got str."]}`, `null`: `{"non_field_errors":["No data provided"]}`,
		`{`: "-", `{"username":"` + long + `x"}`: "-",
	} {
		b := s.stranger()
		a := b.post(s.path+"request-entry/", body)
		a.is(400, want)
		if len(a.raw.Cookies()) != 0 {
			t.Errorf("%s sets cookies %v", body, a.raw.Cookies())
		}
	}
	roomsRaw{method: http.MethodPost, path: s.path + "request-entry/", body: "username=x", header: roomsType("application/x-www-form-urlencoded")}.
		send(s.stranger()).is(415, "-")
	for _, body := range []any{form{"username": "Ann"}, `{"username":5}`, `{"username":" Ann "}`, `{"username":"` + long + `"}`, `{"username":"<script>"}`} {
		s.stranger().post(s.path+"request-entry/", body).is(200, "-")
	}
	if s.waiting() != 5 {
		t.Errorf("%d wait", s.waiting())
	}
}

func TestMeetingTheBodyIsLookedAtBeforeTheRoom(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b := s.stranger()
	for _, key := range []string{uuid.NewString(), "nowhere", "temporary-room", strings.Repeat("x", 300)} {
		b.post(roomsPath(key)+"request-entry/", map[string]any{}).is(400, `{"username":["This field is required."]}`)
		b.post(roomsPath(key)+"request-entry/", map[string]any{"username": "Ann"}).is(404, roomsNoRoom)
	}
	if len(b.cookies) != 0 {
		t.Errorf("cookies %v", b.cookies)
	}
}

func TestMeetingARoomHasManyAddresses(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	id := s.room.ID.String()
	b := s.stranger()
	for _, key := range []string{id, strings.ToUpper(id), strings.ReplaceAll(id, "-", ""), "urn:uuid:" + id, "%7B" + id + "%7D", "weekly", "WEEKLY", "Weekly!"} {
		b.post("/rooms/"+key+"/request-entry/", map[string]any{"username": "Ann"}).is(200, "-")
	}
	if s.waiting() != 1 || !regexp.MustCompile(`^announce \S+$`).MatchString(strings.Join(s.meeting.Said(), "; ")) {
		t.Errorf("%d wait, called %v", s.waiting(), s.meeting.Said())
	}
}

func TestMeetingTwoKnocksOfOneBrowserAtOnceAreOne(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Restricted)
	b := s.stranger()
	s.world.room("open", s.owner)
	b.post("/rooms/open/request-entry/", map[string]any{"username": "Ann"}).is(200, "-") // gives the cookie
	knocks := make([]func() answer, 8)
	for i := range knocks {
		again := b.again()
		knocks[i] = func() answer { return s.knock(again, "Ann") }
	}
	for _, a := range roomsTogether(knocks...) {
		roomsHas(a, 200, map[string]any{"status": "waiting", "id": b.id()})
	}
	if s.waiting() != 1 || len(s.meeting.Announced) != 1 {
		t.Errorf("%d wait, announced %v", s.waiting(), s.meeting.Announced)
	}
}

func TestMeetingAKnockSurvivesLiveKitBeingAway(t *testing.T) {
	t.Parallel()
	for _, failure := range []error{domain.ErrLiveKitDown, domain.ErrLiveKitSlow, domain.ErrLiveKitRefused} {
		s := newMeeting(t, domain.Restricted)
		s.meeting.Err = failure
		roomsHas(s.knock(s.stranger(), "Ann"), 200, map[string]any{"status": "waiting"})
		if s.waiting() != 1 {
			t.Errorf("%v: %d wait", failure, s.waiting())
		}
	}
}
