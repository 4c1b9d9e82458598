package httpapi_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"meet/domain"
)

func TestCreatingARoomNeedsASession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gone := w.user("gone")
	inactive := w.as(gone)
	if _, err := w.users.Update(t.Context(), gone.ID, func(u *domain.User) error { u.IsActive = false; return nil }); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]*browser{"stranger": w.stranger(), "inactive": inactive} {
		for _, body := range []any{map[string]any{"name": "room"}, form{"name": "room"}, "{", nil} {
			a := b.post("/rooms/", body)
			a.is(401, noSession)
			if a.header("WWW-Authenticate") != "Session" {
				t.Errorf("%s: WWW-Authenticate is %q", name, a.header("WWW-Authenticate"))
			}
		}
		roomsRaw{method: "POST", path: "/rooms/", body: "x", header: roomsType("text/plain")}.send(b).is(401, noSession)
		b.put("/rooms/", nil).is(401, noSession)
	}
	if state := roomsState(inactive, gone); !strings.HasPrefix(state, "{Items:[] Count:0}") {
		t.Errorf("there is a room: %s", state)
	}
}

func TestACreatedRoomBelongsToItsCreator(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user("jane")
	b := w.as(jane)
	token := regexp.MustCompile(`"token":"[^"]+"`)
	for kind, body := range map[string]any{"my room": form{"name": "my room"}, "other room": map[string]any{"name": "other room"}} {
		a := b.post("/rooms/", body)
		id, access := roomsAt(a, "id").(string), roomsAt(a, "accesses.0.id").(string)
		a.body = token.ReplaceAllString(a.body, `"token":"-"`)
		a.is(201, `{"id":"`+id+`","name":"`+kind+`","slug":"`+strings.ReplaceAll(kind, " ", "-")+
			`","configuration":{},"access_level":"public","pin_code":null,"accesses":[{"id":"`+access+
			`","user":{"id":"`+jane.ID.String()+`","email":"jane@example.com","full_name":"jane Doe","short_name":"jane",`+
			`"timezone":"UTC","language":"en-us","default_room_access_level":null,"default_room_configuration":{}},`+
			`"resource":"`+id+`","role":"owner"}],"livekit":{"url":"`+liveURL+`","room":"`+id+`","token":"-"}}`)
		b.get("/resource-accesses/"+access+"/").is(200, `{"id":"`+access+`","user":"`+jane.ID.String()+`","resource":"`+id+`","role":"owner"}`)
		roomsHas(b.get("/rooms/"+id+"/"), 200, map[string]any{"name": kind})
	}
	slugs := map[string]int{}
	for _, tracked := range w.analytics.Tracked {
		if tracked.Activity.Name == domain.RoomCreated && tracked.User.ID == jane.ID {
			slugs[tracked.Activity.Properties["slug"]]++
		}
	}
	if len(slugs) != 2 || slugs["my-room"] != 1 || slugs["other-room"] != 1 {
		t.Errorf("tracked creations %v", slugs)
	}
}

func TestTheSlugFollowsTheName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("jane"))
	for name, slug := range map[string]string{
		"My Room!": "my-room", "Réunion": "reunion", "Eléphant in the room": "elephant-in-the-room", "__a__b__": "a__b",
		"Straße": "strae", "Æther œuvre": "ther-uvre", "İstanbul": "istanbul", "naïve_café": "naive_cafe", "a/b.c": "abc",
		"a–b": "ab", "x\u00a0y": "x-y", "x\u2003z": "x-z", "x\u3000w": "x-w", "№5": "no5", "™": "tm", "Ⅷ": "viii",
		"ﬁne ½ x²": "fine-12-x2", "q - r": "q-r", "S--T": "s-t", "u\tv\nw": "u-v-w", "u\x1cv": "u-v",
		strings.Repeat("a", 100): strings.Repeat("a", 100), strings.Repeat("会", 490) + "short": "short",
		strings.Repeat("x ", 50) + strings.Repeat("!", 400): strings.TrimSuffix(strings.Repeat("x-", 50), "-"),
	} {
		roomsHas(b.post("/rooms/", map[string]any{"name": name, "slug": "mine", "id": roomsUUID, "pin_code": "1"}), 201,
			map[string]any{"slug": slug, "name": name, "pin_code": nil})
	}
}

func TestANameWithoutASCIILettersOrDigitsGetsARandomSlug(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, pattern := w.as(w.user("jane")), regexp.MustCompile(`^[a-z]{3}-[a-z]{4}-[a-z]{3}$`)
	for _, name := range []string{"会议", "会议", "ΑΒΓ", "ø", "-_-"} {
		a := b.post("/rooms/", map[string]any{"name": name})
		roomsHas(a, 201, map[string]any{"name": name})
		slug, _ := roomsAt(a, "slug").(string)
		if !pattern.MatchString(slug) {
			t.Errorf("%s got the slug %q", name, slug)
		}
		roomsHas(b.get("/rooms/"+slug+"/"), 200, map[string]any{"id": roomsAt(a, "id")})
		roomsHas(b.patch("/rooms/"+slug+"/", map[string]any{"name": name + "。"}), 200, map[string]any{"slug": slug, "name": name + "。"})
	}
}

func TestTextsAreTrimmedAndNumbersBecomeText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("jane"))
	for body, name := range map[string]string{
		`{"name":" \t My  own\u00a0\n"}`: "My  own", `{"name":12}`: "12", `{"name":1.5}`: "1.5",
		`{"name":"a","name":"last \ud83d\ude00"}`: "last 😀", `{"name":"\\ud800 "}`: `\ud800`,
		`{"name":"<b>&amp;"}`: "<b>&amp;", `{"name":"x","Name":5,"NAME":null,"slug":[]}`: "x",
	} {
		roomsHas(b.post("/rooms/", body), 201, map[string]any{"name": name})
	}
}

func TestUnusableRoomsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user("jane")
	w.room("my room", jane)
	b := w.as(jane)
	before := roomsState(b, jane)
	for _, test := range append(roomsFieldErrors, []struct{ body, want string }{
		{`{}`, `{"name":["This field is required."]}`},
		{``, `{"name":["This field is required."]}`},
		{`{"access_level":"boss","configuration":{"a":1}}`, `{"name":["This field is required."],
			"access_level":["\"boss\" is not a valid choice."],` + roomsExtra + `}`},
		{`{"name":"","access_level":null,"configuration":null}`, `{"name":["This field may not be blank."],
			"access_level":["This field may not be null."],"configuration":["This field may not be null."]}`},
	}...) {
		roomsLike(b.post("/rooms/", test.body), 400, test.want)
	}
	if after := roomsState(b, jane); after != before {
		t.Errorf("changed from %s to %s", before, after)
	}
}

const roomsExtra = `"configuration":[{"type":"extra_forbidden","loc":["a"],"msg":"Extra inputs are not permitted",
	"input":"1","url":"https://errors.pydantic.dev/2.13/v/extra_forbidden"}]`

// roomsFieldErrors are bodies that neither make nor change a room, where one
// called "my room" exists.
var roomsFieldErrors = []struct{ body, want string }{
	{`{"name":"My Room!"}`, roomsSlugTaken},
	{`{"name":"` + strings.Repeat("a", 101) + `"}`, `{"slug":["Ensure this value has at most 100 characters (it has 101)."]}`},
	{`{"name":"` + strings.Repeat("a", 500) + `"}`, `{"slug":["Ensure this value has at most 100 characters (it has 500)."]}`},
	{`{"name":"` + strings.Repeat("é", 501) + `"}`, `{"name":["Ensure this field has no more than 500 characters."]}`},
	{`{"name":` + strings.Repeat("9", 4000) + `}`, `{"name":["Ensure this field has no more than 500 characters."]}`},
	{`{"name":"918689fb-038e 4e81-bf09 efd5902c5f0b"}`, `{"name":["Room name \"918689fb-038e 4e81-bf09 efd5902c5f0b\" is reserved."]}`},
	{`{"name":"deadbeef deadbeef deadbeef deadbeef"}`, `{"name":["Room name \"deadbeef deadbeef deadbeef deadbeef\" is reserved."]}`},
	{`{"name":"918689FB038E4E81BF09EFD5902C5F0B"}`, `{"name":["Room name \"918689FB038E4E81BF09EFD5902C5F0B\" is reserved."]}`},
	{`{"name":"{918689fb-038e-4e81-bf09-efd5902c5f0b}"}`, `{"name":["Room name \"{918689fb-038e-4e81-bf09-efd5902c5f0b}\" is reserved."]}`},
	{`{"name":"９１８689fb-038e-4e81-bf09-efd5902c5f0b!"}`, `{"name":["Room name \"９１８689fb-038e-4e81-bf09-efd5902c5f0b!\" is reserved."]}`},
	{`{"name":null}`, `{"name":["This field may not be null."]}`},
	{`{"name":" \t\n"}`, `{"name":["This field may not be blank."]}`},
	{`{"name":true}`, `{"name":["Not a valid string."]}`},
	{`{"name":["x"]}`, `{"name":["Not a valid string."]}`},
	{`{"name":{}}`, `{"name":["Not a valid string."]}`},
	{`{"name":"a\u0000b"}`, `{"name":["Null characters are not allowed."]}`},
	{`{"name":"a\ud800b"}`, `{"name":["Surrogate characters are not allowed: U+D800."]}`},
	{`{"name":"\udfff\ud83d\ude00"}`, `{"name":["Surrogate characters are not allowed: U+DFFF."]}`},
	{`{"name":"x","name":"\uD83D"}`, `{"name":["Surrogate characters are not allowed: U+D83D."]}`},
	{`{"name":"x","access_level":null}`, `{"access_level":["This field may not be null."]}`},
	{`{"name":"x","access_level":""}`, `{"access_level":["\"\" is not a valid choice."]}`},
	{`{"name":"x","access_level":"Public"}`, `{"access_level":["\"Public\" is not a valid choice."]}`},
	{`{"name":"x","access_level":" public"}`, `{"access_level":["\" public\" is not a valid choice."]}`},
	{`{"name":"x","access_level":true}`, `{"access_level":["\"True\" is not a valid choice."]}`},
	{`{"name":"x","access_level":[]}`, `{"access_level":["\"[]\" is not a valid choice."]}`},
	{`{"name":"x","access_level":3}`, `{"access_level":["\"3\" is not a valid choice."]}`},
	{`{"name":true,"access_level":"x","configuration":{"a":1}}`, `{"name":["Not a valid string."],
		"access_level":["\"x\" is not a valid choice."],` + roomsExtra + `}`},
}

func TestTheCreatorsPreferencesFillWhatIsNotSaid(t *testing.T) {
	t.Parallel()
	level := func(l domain.AccessLevel) func(*domain.User) {
		return func(u *domain.User) { u.DefaultRoomAccessLevel = &l }
	}
	config := func(c domain.RoomConfiguration) func(*domain.User) {
		return func(u *domain.User) { u.DefaultRoomConfiguration = c }
	}
	mute, camera := domain.RoomConfiguration{"everyone_can_mute": false}, map[string]any{"can_publish_sources": []any{"camera"}}
	for name, test := range map[string]struct {
		user   func(*domain.User)
		sent   map[string]any
		level  string
		config map[string]any
	}{
		"level":                   {level(domain.Restricted), nil, "restricted", map[string]any{}},
		"explicit level":          {level(domain.Restricted), map[string]any{"access_level": "public"}, "public", map[string]any{}},
		"no preference":           {func(*domain.User) {}, nil, "trusted", map[string]any{}},
		"blank level":             {level(""), nil, "trusted", map[string]any{}},
		"configuration":           {config(mute), nil, "trusted", mute},
		"explicit configuration":  {config(mute), map[string]any{"configuration": camera}, "trusted", camera},
		"empty configuration":     {config(mute), map[string]any{"configuration": map[string]any{}}, "trusted", mute},
		"empty preference":        {config(domain.RoomConfiguration{}), nil, "trusted", map[string]any{}},
		"sent over empty":         {config(domain.RoomConfiguration{}), map[string]any{"configuration": camera}, "trusted", camera},
		"copied without checking": {config(domain.RoomConfiguration{"old": "key"}), nil, "trusted", map[string]any{"old": "key"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(s *setup) { s.rooms.DefaultLevel = domain.Trusted })
			body := map[string]any{"name": "room"}
			for key, value := range test.sent {
				body[key] = value
			}
			roomsHas(w.as(w.user("jane", test.user)).post("/rooms/", body), 201,
				map[string]any{"access_level": test.level, "configuration": test.config})
		})
	}
}

func TestAnInvalidInstanceDefaultRefusesTheRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.rooms.DefaultLevel = "x" })
	b := w.as(w.user("jane"))
	b.post("/rooms/", form{"name": "room"}).is(400, `{"access_level":["Value 'x' is not a valid choice."]}`)
	roomsHas(b.post("/rooms/", form{"name": "room", "access_level": "trusted"}), 201, map[string]any{"access_level": "trusted"})
}

func TestOfRoomsMadeAtOnceUnderOneSlugOneIsMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var steps []func() answer
	for _, name := range []string{"ann", "bob", "cleo", "dan", "eve", "finn"} {
		b := w.as(w.user(name))
		steps = append(steps, func() answer { return b.post("/rooms/", map[string]any{"name": "Same room"}) })
	}
	made := 0
	for _, a := range roomsTogether(steps...) {
		if a.status == http.StatusCreated {
			made++
			continue
		}
		a.is(400, roomsSlugTaken)
	}
	if made != 1 {
		t.Errorf("%d rooms made", made)
	}
}
