package httpapi_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"meet/domain"
)

const meetingBadToken = `{"detail":"Invalid LiveKit token: `

// meetingByPass are the endpoints that LiveKit's access tokens open.
var meetingByPass = map[string]any{
	"toggle-hand/": map[string]any{"raised": true}, "rename/": map[string]any{"name": "Mallory"},
	"start-subtitle/": nil, "mute-participant/": meetingTrack,
}

func withSubtitles(s *setup) { s.http.SubtitleAgent = "multi-user-transcriber" }

// everywhere checks the answer of all endpoints that a token opens.
func (s *meetingScene) everywhere(name string, b *browser, status int, want string) {
	s.t.Helper()
	for action, body := range meetingByPass {
		before := len(s.meeting.Said())
		a := b.post(s.path+action, body)
		if a.status != status || !strings.HasPrefix(a.body, want) || a.header("WWW-Authenticate") != "" {
			s.t.Errorf("%s, %s: %d %s, want %d %s", name, action, a.status, a.body, status, want)
		}
		if status != 200 && len(s.meeting.Said()) != before {
			s.t.Errorf("%s, %s: called %v", name, action, s.meeting.Said())
		}
	}
}

func TestMeetingTokensThatOpenNothing(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withSubtitles)
	s.join("ann")
	s.join("bob")
	now := time.Now().Unix()
	video := func(video any) map[string]any { return map[string]any{"video": video} }
	good := s.pass("ann")
	parts := strings.Split(good, ".")
	for name, test := range map[string]struct{ token, want string }{
		"other secret":       {meetingToken("HS256", "x"+liveCode, s.claims("ann")), "Signature verification failed"},
		"no secret":          {meetingToken("HS256", "", s.claims("ann")), "Signature verification failed"},
		"session secret":     {meetingToken("HS256", "a secret of tests", s.claims("ann")), "Signature verification failed"},
		"the key as secret":  {meetingToken("HS256", liveKey, s.claims("ann")), "Signature verification failed"},
		"changed payload":    {parts[0] + "." + strings.Split(s.pass("bob"), ".")[1] + "." + parts[2], "Signature verification failed"},
		"no signature":       {parts[0] + "." + parts[1] + ".", "Signature verification failed"},
		"alg none":           {meetingToken("none", "", s.claims("ann")), "The specified alg value is not allowed"},
		"alg None, signed":   {meetingToken("None", "", s.claims("ann")) + parts[2], "The specified alg value is not allowed"},
		"HS384":              {meetingToken("HS384", liveCode, s.claims("ann")), "The specified alg value is not allowed"},
		"HS512":              {meetingToken("HS512", liveCode, s.claims("ann")), "The specified alg value is not allowed"},
		"RS256":              {meetingToken("RS256", "", s.claims("ann")) + parts[2], "The specified alg value is not allowed"},
		"of 2023":            {s.pass("ann", map[string]any{"nbf": 1672531200, "exp": 1672552800}), "Signature has expired"},
		"just expired":       {s.pass("ann", map[string]any{"exp": now - 120}), "Signature has expired"},
		"of tomorrow":        {s.pass("ann", map[string]any{"nbf": now + 86400}), "The token is not yet valid (nbf)"},
		"issued in future":   {s.pass("ann", map[string]any{"iat": now + 86400}), "The token is not yet valid (iat)"},
		"for an audience":    {s.pass("ann", map[string]any{"aud": "meet"}), "Invalid audience"},
		"for audiences":      {s.pass("ann", map[string]any{"aud": []string{"meet", liveKey}}), "Invalid audience"},
		"no issuer":          {s.pass("ann", map[string]any{"iss": nil}), `Token is missing the \"iss\" claim`},
		"other issuer":       {s.pass("ann", map[string]any{"iss": "devkey"}), "Invalid issuer"},
		"issuer a number":    {s.pass("ann", map[string]any{"iss": 5}), ""},
		"no identity":        {s.pass("ann", map[string]any{"sub": nil}), "Token missing user identity"},
		"empty identity":     {s.pass(""), "Token missing user identity"},
		"identity in jti":    {s.pass("ann", map[string]any{"sub": nil, "jti": "ann"}), "Token missing user identity"},
		"identity a number":  {s.pass("ann", map[string]any{"sub": 5}), ""},
		"exp a text":         {s.pass("ann", map[string]any{"exp": "never"}), ""},
		"video a text":       {s.pass("ann", video(s.room.ID.String())), ""},
		"one part":           {"invalid-token", "Not enough segments"},
		"two parts":          {parts[0] + "." + parts[1], "Not enough segments"},
		"three parts of air": {"..", ""}, "four parts": {good + ".x", ""}, "no base64": {"a!.b.c", ""},
		"no JSON":       {base64.RawURLEncoding.EncodeToString([]byte("{}")) + ".e30.e30", ""},
		"webhook token": {s.hookAuth(""), "Token missing user identity"},
	} {
		s.everywhere(name, s.bearing(test.token), http.StatusForbidden, meetingBadToken+test.want)
	}
}

func TestMeetingTokensOfOtherRoomsOpenNothing(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withSubtitles, func(s *setup) { s.http.ConnectionTest = true })
	s.world.room("elsewhere", s.owner)
	id := s.room.ID.String()
	tokens := map[string]string{
		"elsewhere":       roomsAt(s.as(s.owner).get("/rooms/elsewhere/"), "livekit.token").(string),
		"temporary":       roomsAt(s.stranger().get("/rooms/temporary/"), "livekit.token").(string),
		"connection test": roomsAt(s.stranger().post("/diagnostics/connection/", nil), "livekit.token").(string),
	}
	for name, room := range map[string]any{
		"slug": "weekly", "capitals": strings.ToUpper(id), "no dashes": strings.ReplaceAll(id, "-", ""), "braces": "{" + id + "}", "blank": " " + id,
		"empty": "", "none": nil, "star": "*",
	} {
		tokens[name] = s.pass("ann", map[string]any{"video": map[string]any{"room": room, "roomAdmin": true, "roomJoin": true}})
	}
	tokens["no video"] = s.pass("ann", map[string]any{"video": nil})
	for name, token := range tokens {
		if name == "capitals" && strings.ToUpper(id) == id {
			continue // an id without letters
		}
		s.everywhere(name, s.bearing(token), http.StatusForbidden, forbidden)
	}
}

func TestMeetingTokensOfInactiveAccountsOpenNothing(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withSubtitles)
	gone := s.user("gone", func(u *domain.User) { u.IsActive = false })
	s.join(gone.Sub)
	s.join("bob")
	s.everywhere("inactive", s.bearing(s.pass(gone.Sub)), http.StatusForbidden, meetingBadToken+"the account is not active")
}

func TestMeetingTokensWithinTheLeewayAreGood(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withSubtitles)
	s.join("ann")
	s.join("bob")
	now := time.Now().Unix()
	for name, change := range map[string]map[string]any{
		"plain": {}, "just expired": {"exp": now - 30}, "clock ahead": {"nbf": now + 30, "iat": now + 30},
		"without start": {"nbf": nil}, "LiveKit's own": {"identity": "ann", "jti": "x", "kind": "standard"},
	} {
		s.everywhere(name, s.bearing(s.pass("ann", change)), http.StatusOK, meetingDone)
	}
}

func TestMeetingTokensThatWeIssueAreGood(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withSubtitles)
	s.join("bob")
	stranger := s.stranger()
	for name, a := range map[string]answer{
		"room": s.as(s.guest).get(s.path), "anonymous room": s.stranger().get(s.path), "lobby": s.knock(stranger, "Ann"), "signed in": s.knock(s.as(s.member), "Mia"),
	} {
		token, _ := roomsAt(a, "livekit.token").(string)
		s.join(roomsClaims(t, token)["sub"].(string))
		s.everywhere(name, s.bearing(token), http.StatusOK, meetingDone)
	}
}

func TestMeetingTheHeaderMustBeABearersAndIsFinal(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withSubtitles)
	s.join(s.owner.Sub)
	s.join("bob")
	good := s.pass(s.owner.Sub)
	boss := s.as(s.owner) // whose session does not help
	for _, header := range []string{"Bearer", "Bearer a b", "Token " + good, good, "Basic " + good, "Bearer " + good + " x", "Bearer, " + good, "Bearer:" + good, "x Bearer " + good} {
		boss.header["Authorization"] = header
		s.everywhere(header, boss, http.StatusForbidden, `{"detail":"Authorization header must be: Bearer <token>"}`)
	}
	for _, header := range []string{"bearer " + good, "BEARER " + good, "Bearer   " + good, "Bearer\t" + good} {
		boss.header["Authorization"] = header
		s.everywhere(header, boss, http.StatusOK, meetingDone)
	}
}

func TestMeetingASessionIsNoToken(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withSubtitles)
	s.join(s.owner.Sub)
	s.join("bob")
	for _, b := range []*browser{s.stranger(), s.as(s.owner), s.as(s.guest)} {
		for action, body := range meetingByPass {
			if action == "mute-participant/" {
				continue // moderators may
			}
			a := b.post(s.path+action, body)
			a.is(http.StatusForbidden, noSession)
			if a.header("WWW-Authenticate") != "" {
				t.Errorf("%s challenges with %q", action, a.header("WWW-Authenticate"))
			}
		}
	}
	if got := s.meeting.Said(); len(got) != 0 {
		t.Errorf("called %v", got)
	}
}

func TestMeetingATokenIsCheckedBeforeTheRoomAndThatBeforeTheBody(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, withSubtitles)
	for _, action := range []string{"toggle-hand/", "rename/", "mute-participant/"} {
		s.bearing("junk").post(roomsPath("nowhere")+action, `{`).is(403, meetingBadToken+`Not enough segments"}`)
		s.stranger().post(roomsPath("nowhere")+action, `{`).is(403, noSession)
		s.bearing(s.pass("ann")).post(roomsPath("nowhere")+action, `{`).is(404, roomsNoRoom)
		s.bearing(s.otherPass("ann")).post(s.path+action, `{`).is(403, forbidden)
		a := s.bearing(s.pass("ann")).post(s.path+action, `{`)
		if a.status != 400 || !strings.HasPrefix(a.body, `{"detail":"JSON parse error - `) {
			t.Errorf("%s: %d %s", action, a.status, a.body)
		}
		s.bearing(s.pass("ann")).get(s.path+action).is(405, `{"detail":"Method \"GET\" not allowed."}`)
		s.bearing("junk").get(s.path+action).is(403, "-")
	}
}
