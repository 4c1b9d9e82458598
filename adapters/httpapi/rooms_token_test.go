package httpapi_test

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"meet/domain"
)

// roomsVideo is a grant of the token; false and empty may be left out.
func roomsVideo(claims map[string]any, name string) any {
	video, _ := claims["video"].(map[string]any)
	return video[name]
}

func TestTheTokenOpensTheRoomForSixHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss := w.user("boss")
	r := w.room("room", boss)
	claims := roomsClaims(t, roomsAt(w.as(boss).get("/rooms/room/"), "livekit.token"))
	start, _ := claims["nbf"].(float64)
	end, _ := claims["exp"].(float64)
	if end-start != 21600 {
		t.Errorf("valid from %v to %v", claims["nbf"], claims["exp"])
	}
	for name, want := range map[string]any{
		"room": r.ID.String(), "roomJoin": true, "roomAdmin": nil, "canPublish": true, "canSubscribe": true, "canPublishData": true,
		"canUpdateOwnMetadata": false,
	} {
		if got := roomsVideo(claims, name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	attributes, _ := claims["attributes"].(map[string]any)
	if attributes["room_role"] != "owner" || attributes["is_authenticated"] != "true" || claims["iss"] != liveKey || claims["sub"] != boss.Sub {
		t.Errorf("claims %v", claims)
	}
	color, _ := attributes["color"].(string)
	if !regexp.MustCompile(`^hsl\(([0-9]|[1-9][0-9]|[12][0-9]{2}|3[0-5][0-9]|360), (5[0-9]|6[0-9]|7[0-5])%, (2[5-9]|[345][0-9]|60)%\)$`).MatchString(color) {
		t.Errorf("colour %q", color)
	}
	again := roomsClaims(t, roomsAt(w.as(boss).get("/rooms/elsewhere/"), "livekit.token"))
	if other, _ := again["attributes"].(map[string]any); other["color"] != color {
		t.Errorf("the colour changed to %v", other["color"])
	}
}

// LiveKit's library leaves out what is false or empty; LiveKit reads both alike.
func TestTheTokenGrantsNothingBesidesTheContract(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.room("room", w.user("boss"), roomsConfig(domain.RoomConfiguration{"can_publish_sources": []any{}}))
	claims := roomsClaims(t, roomsAt(w.stranger().get("/rooms/room/"), "livekit.token"))
	if got := roomsKeys(claims); got != "attributes exp iat identity iss name nbf sub video" {
		t.Errorf("claims %s", got)
	}
	if got := roomsKeys(claims["video"]); got != "canPublish canPublishData canSubscribe canUpdateOwnMetadata room roomJoin" {
		t.Errorf("video grants %s", got)
	}
	if got := roomsVideo(claims, "canPublish"); got != false {
		t.Errorf("canPublish is %v", got)
	}
	attributes, _ := claims["attributes"].(map[string]any)
	if role, present := attributes["room_role"]; !present || role != "" {
		t.Errorf("room_role is %#v", role)
	}
}

func TestTheTokenCarriesRoleAndSources(t *testing.T) {
	t.Parallel()
	all := []any{"camera", "microphone", "screen_share", "screen_share_audio"}
	none, camera := []any{}, []any{"camera"}
	for _, test := range []struct {
		config   domain.RoomConfiguration
		ordinary []any
	}{
		{domain.RoomConfiguration{}, all},
		{nil, all},
		{domain.RoomConfiguration{"can_publish_sources": nil}, all},
		{domain.RoomConfiguration{"can_publish_sources": none}, none},
		{domain.RoomConfiguration{"can_publish_sources": []any{"camera", "camera"}}, camera},
		{domain.RoomConfiguration{"can_publish_sources": "camera", "the_key": 1}, all},
	} {
		w := newWorld(t)
		r := w.room("room", w.user("boss"), roomsConfig(test.config))
		for _, role := range []string{"stranger", "", "member", "administrator", "owner"} {
			b := w.stranger()
			if role != "stranger" {
				jane := w.user("jane" + role)
				if known, ok := domain.ParseRole(role); ok {
					w.grant(r, jane, known)
				}
				b = w.as(jane)
			}
			claims := roomsClaims(t, roomsAt(b.get("/rooms/room/"), "livekit.token"))
			attributes, _ := claims["attributes"].(map[string]any)
			admin, want := role == "administrator" || role == "owner", test.ordinary
			if admin {
				want = all
			}
			shown, _ := attributes["room_role"].(string)
			if roomsVideo(claims, "roomAdmin") != nil || (role != "stranger" && shown != role) {
				t.Errorf("%s has the claims %v", role, claims)
			}
			if attributes["is_authenticated"] != map[bool]string{true: "false", false: "true"}[role == "stranger"] {
				t.Errorf("%s has the attributes %v", role, attributes)
			}
			got, _ := roomsVideo(claims, "canPublishSources").([]any)
			if (len(got) > 0 || len(want) > 0) && !reflect.DeepEqual(got, want) {
				t.Errorf("%s may publish %v, want %v", role, got, want)
			}
			if may := roomsVideo(claims, "canPublish"); may != (len(want) > 0) {
				t.Errorf("%s: canPublish is %v for %v", role, may, want)
			}
		}
	}
}

func TestTheInstancesSourcesAreTheDefault(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.rooms.DefaultSources = []string{"microphone"} })
	boss := w.user("boss")
	w.room("room", boss, roomsConfig(domain.RoomConfiguration{"can_publish_sources": []any{"camera"}}))
	for path, b := range map[string]*browser{"/rooms/room/": w.as(boss), "/rooms/temporary/": w.stranger()} {
		claims := roomsClaims(t, roomsAt(b.get(path), "livekit.token"))
		if got := roomsVideo(claims, "canPublishSources"); !reflect.DeepEqual(got, []any{"microphone"}) {
			t.Errorf("%s: sources %v", path, got)
		}
	}
}

func TestTheTokenNamesThePerson(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 256)
	for _, test := range []struct{ who, query, name, whenFixed string }{
		{"stranger", "", "Anonymous", "Anonymous"},
		{"stranger", "?username=", "Anonymous", "Anonymous"},
		{"stranger", "?username=Zo%C3%A9+K", "Zoé K", "Zoé K"},
		{"stranger", "?username=%20Zo%20", " Zo ", " Zo "},
		{"jane", "", "jane Doe", "jane Doe"},
		{"jane", "?username=", "jane Doe", "jane Doe"},
		{"jane", "?username=Zoe", "Zoe", "jane Doe"},
		{"jane", "?username=null", "null", "jane Doe"},
		{"jane", "?username=" + long, long, "jane Doe"},
		{"mail", "", "mail@example.com", "mail@example.com"},
		{"staff", "", "staff@office.example", "staff@office.example"},
		{"bare", "", "-", "-"},
	} {
		for _, editable := range []bool{true, false} {
			w := newWorld(t, func(s *setup) { s.rooms.MembersMayName = editable })
			w.room("room", w.user("boss"))
			b, want, sub := w.stranger(), test.name, ""
			if !editable {
				want = test.whenFixed
			}
			if test.who != "stranger" {
				user := w.user(test.who, func(u *domain.User) {
					if test.who != "jane" {
						u.FullName = ""
					}
					if test.who == "staff" || test.who == "bare" {
						u.Email = ""
					}
					if test.who == "staff" {
						u.AdminEmail = "staff@office.example"
					}
				})
				b, sub = w.as(user), user.Sub
				if want == "-" {
					want = user.ID.String()
				}
			}
			for _, path := range []string{"/rooms/room/", "/rooms/temporary/"} {
				claims := roomsClaims(t, roomsAt(b.get(path+test.query), "livekit.token"))
				if claims["name"] != want || (sub != "" && claims["sub"] != sub) {
					t.Errorf("%s%s as %s: name %v of %v, want %s", path, test.query, test.who, claims["name"], claims["sub"], want)
				}
			}
		}
	}
}

func TestTheNameInTheQueryCountsForWritesToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("jane"))
	for _, a := range []answer{
		b.post("/rooms/?username=Zoe", map[string]any{"name": "room", "username": "no"}),
		b.put("/rooms/room/?username=Zoe", map[string]any{"name": "room"}),
		b.patch("/rooms/room/?username=Zoe", map[string]any{}),
	} {
		if claims := roomsClaims(t, roomsAt(a, "livekit.token")); claims["name"] != "Zoe" {
			t.Errorf("name %v", claims["name"])
		}
	}
}

func TestEveryStrangerIsSomebodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.room("room", w.user("boss"))
	seen := map[any]bool{}
	for range 5 {
		sub := roomsClaims(t, roomsAt(w.stranger().get("/rooms/room/"), "livekit.token"))["sub"]
		if text, _ := sub.(string); seen[sub] || !domain.LooksLikeUUID(domain.Whose(text)) || domain.Whose(text) == text {
			t.Errorf("identity %v", sub)
		}
		seen[sub] = true
	}
}

func TestAPINIsDrawnOnceAndShownToWhoMayJoin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.rooms.PinLength = 10 })
	b, seen := w.as(w.user("jane")), map[any]bool{}
	for _, name := range []string{"a", "b", "c", "d"} {
		code := roomsAt(b.post("/rooms/", form{"name": name, "access_level": "restricted", "pin_code": "1"}), "pin_code")
		text, _ := code.(string)
		if !regexp.MustCompile(`^\d{10}$`).MatchString(text) || seen[code] {
			t.Errorf("PIN %v", code)
		}
		seen[code] = true
		for _, a := range []answer{b.get(roomsPath(name)), b.patch(roomsPath(name), `{"pin_code":"2"}`), b.put(roomsPath(name), `{"name":"`+name+`x"}`)} {
			roomsHas(a, 200, map[string]any{"pin_code": code})
		}
		if body := w.stranger().get(roomsPath(name + "x")).body; regexp.MustCompile(text + "|pin_code").MatchString(body) {
			t.Errorf("a stranger sees %s", body)
		}
	}
}

func TestWhenNoPINIsLeftTheRoomHasNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.rooms.PinLength = 1 })
	jane := w.user("jane")
	for _, digit := range "0123456789" {
		w.room("room "+string(digit), jane, func(r *domain.Room) { r.PinCode = string(digit) })
	}
	a := w.as(jane).post("/rooms/", form{"name": "room", "callback_id": "secret"})
	roomsHas(a, 201, map[string]any{"pin_code": nil, "slug": "room"})
	if len(w.Warnings) != 1 {
		t.Errorf("warnings %v", w.Warnings)
	}
	w.stranger().post("/rooms/creation-callback/", json.RawMessage(`{"callback_id":"secret"}`)).is(200, `{"status":"success","room":{"slug":"room"}}`)
}
