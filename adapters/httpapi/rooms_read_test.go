package httpapi_test

import (
	"regexp"
	"strings"
	"testing"

	"meet/domain"
)

func TestWhoMayJoinGetsATokenAndWhoAdministersGetsTheAccesses(t *testing.T) {
	t.Parallel()
	const base = "access_level configuration id name slug"
	const join = "access_level configuration id livekit name pin_code slug"
	const all = "access_level accesses configuration id livekit name pin_code slug"
	for role, want := range map[string][3]string{ // public, trusted, restricted
		"stranger":      {join, base, base},
		"":              {join, join, base},
		"member":        {join, join, join},
		"administrator": {all, all, all},
		"owner":         {all, all, all},
	} {
		t.Run("as "+role, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			jane, boss := w.user("jane"), w.user("boss")
			b := w.as(jane)
			if role == "stranger" {
				b = w.stranger()
			}
			for i, level := range []domain.AccessLevel{domain.Public, domain.Trusted, domain.Restricted} {
				r := w.room("Room "+string(level), boss, roomsLevel(level), roomsConfig(domain.RoomConfiguration{"everyone_can_mute": true}))
				if known, ok := domain.ParseRole(role); ok {
					w.grant(r, jane, known)
				}
				for _, key := range []string{r.ID.String(), r.Slug, strings.ReplaceAll(r.ID.String(), "-", ""), strings.ToUpper(r.Name) + "!"} {
					a := b.get(roomsPath(key))
					if got := roomsKeys(a.json()); got != want[i] {
						t.Errorf("%s room has %s, want %s", level, got, want[i])
					}
					roomsHas(a, 200, map[string]any{"id": r.ID.String(), "name": r.Name, "slug": r.Slug, "access_level": string(level),
						"configuration": map[string]any{"everyone_can_mute": true}, "pin_code": nil})
					if want[i] != base {
						roomsHas(a, 200, map[string]any{"livekit.url": liveURL, "livekit.room": r.ID.String()})
					}
				}
			}
		})
	}
}

func TestARoomIsShownInTheContractsOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss := w.user("boss")
	open := w.room("Réunion", boss)
	closed := w.room("Closed", boss, roomsLevel(domain.Restricted))
	w.stranger().get("/rooms/closed/").is(200, `{"id":"`+closed.ID.String()+
		`","name":"Closed","slug":"closed","configuration":{},"access_level":"restricted"}`)
	a := w.stranger().get("/rooms/Réunion/")
	a.body = regexp.MustCompile(`"token":"[^"]+"`).ReplaceAllString(a.body, `"token":"-"`)
	a.is(200, `{"id":"`+open.ID.String()+`","name":"Réunion","slug":"reunion","configuration":{},"access_level":"public",`+
		`"pin_code":null,"livekit":{"url":"`+liveURL+`","room":"`+open.ID.String()+`","token":"-"}}`)
	if a.header("Content-Type") != "application/json" {
		t.Errorf("Content-Type %q", a.header("Content-Type"))
	}
}

func TestARoomIsFoundByAnySpellingOfItsIDOrSlug(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.room("My Room", w.user("boss"))
	id := r.ID.String()
	for _, key := range []string{
		id, strings.ToUpper(id), strings.ReplaceAll(id, "-", ""), "{" + id + "}", "urn:uuid:" + id, "uuid:" + id, "-" + id + "-",
		"my-room", "My Room!", "MY ROOM", " my  room ", "Ｍy room", "--my--room--", "my\u00a0room",
	} {
		roomsHas(w.stranger().get(roomsPath(key)), 200, map[string]any{"id": id})
	}
	roomsHas(w.stranger().get("/rooms/my-room.json"), 200, map[string]any{"id": id})
}

func TestAKeyMeansTheSameHoweverItsCharactersAreEscaped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.room("Ré my room", w.user("boss")).ID.String()
	for _, path := range []string{
		"/rooms/R%C3%A9%20my%20room/", "/rooms/R%c3%a9%20my%20room/", "/rooms/R%C3%A9%20my%20room!/", "/rooms/(r%C3%A9)%20my%20room/",
		"/rooms/%72e-my-room/", "/rooms/re%2Dmy%2droom/", "/rooms/%30" + id[1:] + "/", "/rooms/'re'%20my%20*room*/", "/rooms/re%20my%20room%25/",
		"/rooms/{" + id + "}/", "/rooms/urn%3Auuid%3a" + id + "/",
	} {
		a := w.stranger().get(path)
		roomsHas(a, 200, map[string]any{"slug": "re-my-room"})
		if got := roomsAt(a, "id"); got != id {
			t.Errorf("%s leads to %v", path, got)
		}
	}
}

func TestAnAccessIDMeansTheSameHoweverItsCharactersAreEscaped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss := w.user("boss")
	access := w.grant(w.room("room", boss), w.user("jane"), domain.Member)
	id := access.ID.String()
	for _, key := range []string{"%30" + id[1:], id[:8] + "%2D" + id[9:], id[:8] + "%2d" + id[9:]} {
		w.as(boss).get("/resource-accesses/"+key+"/").is(200, accessesBody(access))
	}
}

func TestAKeyHoldsNoDotAndNoSlash(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.room("my room", w.user("boss")).ID.String()
	for _, path := range []string{
		"/rooms/my.room/", "/rooms/my-room.xml/", "/rooms/my-room.xml", "/rooms/my%2Froom/", "/rooms/my%2froom/", "/rooms/my%2Eroom/",
		"/rooms/%2E%2E/", "/rooms/" + id + ".x/", "/rooms/" + id + "%2F/",
	} {
		a := w.stranger().get(path)
		if a.is(404, roomsNotFound); a.status != 404 {
			t.Errorf("at %s", path)
		}
	}
}

func TestAdministratorsSeeEverybodysAccessNewestFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	level := domain.Trusted
	private := func(u *domain.User) {
		u.DefaultRoomAccessLevel, u.DefaultRoomConfiguration = &level, domain.RoomConfiguration{"everyone_can_mute": false}
	}
	boss, jane := w.user("boss", private), w.user("jane", private)
	bare := w.user("bare", private, func(u *domain.User) { u.Email, u.FullName, u.ShortName, u.Timezone = "", "", "", "Europe/Paris" })
	r := w.room("room", boss)
	admin, member := w.grant(r, jane, domain.Administrator), w.grant(r, bare, domain.Member)
	a := w.as(jane).get("/rooms/room/")
	a.body = a.body[strings.Index(a.body, `[{"id"`):strings.Index(a.body, `,"livekit"`)]
	item := func(access, user, email, full, short, zone, level, config, role string) string {
		return `{"id":"` + access + `","user":{"id":"` + user + `","email":` + email + `,"full_name":` + full + `,"short_name":` + short +
			`,"timezone":"` + zone + `","language":"en-us","default_room_access_level":` + level + `,"default_room_configuration":` + config +
			`},"resource":"` + r.ID.String() + `","role":"` + role + `"}`
	}
	accesses, err := w.accesses.List(t.Context(), boss.ID, domain.Page{Size: 20, Number: 1})
	if err != nil || len(accesses.Items) != 3 {
		t.Fatal(accesses, err)
	}
	a.is(200, "["+item(member.ID.String(), bare.ID.String(), "null", "null", "null", "Europe/Paris", "null", "{}", "member")+","+
		item(admin.ID.String(), jane.ID.String(), `"jane@example.com"`, `"jane Doe"`, `"jane"`, "UTC", `"trusted"`,
			`{"everyone_can_mute":false}`, "administrator")+","+
		item(accesses.Items[2].ID.String(), boss.ID.String(), `"boss@example.com"`, `"boss Doe"`, `"boss"`, "UTC", "null", "{}", "owner")+"]")
}

func TestAnUnknownRoomIsTemporaryWhereTheInstanceAllowsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	strict := newWorld(t, func(s *setup) { s.rooms.Unregistered = false })
	for key, slug := range map[string]string{
		"unregistered-room": "unregistered-room", "Réunion": "reunion", "My Room!": "my-room", "918689fb": "918689fb",
		"webhook": "webhook", "a\x00b": "ab",
	} {
		a := w.stranger().get(roomsPath(key))
		a.body = regexp.MustCompile(`"token":"[^"]+"`).ReplaceAllString(a.body, `"token":"-"`)
		a.is(200, `{"id":null,"slug":"`+slug+`","is_administrable":false,"access_level":"public",`+
			`"livekit":{"url":"`+liveURL+`","room":"`+slug+`","token":"-"}}`)
		strict.stranger().get(roomsPath(key)).is(404, roomsNoRoom)
	}
	jane := w.user("jane")
	b := w.as(jane)
	b.get("/rooms/unregistered-room/").is(200, "-")
	b.get("/rooms/").is(200, `{"count":0,"next":null,"previous":null,"results":[]}`)
	for _, method := range []string{"PUT", "PATCH", "DELETE"} {
		b.send(method, "/rooms/unregistered-room/", "{").is(404, roomsNoRoom)
		w.stranger().send(method, "/rooms/unregistered-room/", "{").is(401, noSession)
	}
}

func TestATemporaryRoomNeverStandsForARegisteredOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.room("secret", w.user("boss"), roomsLevel(domain.Restricted))
	id := r.ID.String()
	bare := strings.ReplaceAll(id, "-", "")
	keys := []string{"00000000-0000-0000-0000-000000000000", roomsUUID, "会议", "!", "\xff"}
	for _, u := range []string{id, bare, strings.ToUpper(id), strings.ToUpper(bare), roomsUUID, strings.ReplaceAll(roomsUUID, "-", "")} {
		keys = append(keys, u+"!", "("+u+")", "!"+u, u+" ", "_"+u+"_", "-"+u+"!-", u[:9]+"\u200b"+u[9:], u+"ø", "+"+u, "!{"+u+"}", "\x00"+u,
			strings.ReplaceAll(u, "-", " ")+"!", strings.ReplaceAll(u, "-", "_"), strings.ReplaceAll(u, "-", "--")+"!",
			strings.ReplaceAll(u, "0", "０"), strings.ReplaceAll(u, "8", "⁸"), strings.ReplaceAll(u, "4", "𝟒")+"!", strings.ReplaceAll(u, "-", "–")+"!",
			u[:3]+"_"+u[3:], u[:3]+"-"+u[3:]+"!", u[:8]+" "+u[8:], u+"\xff")
	}
	for _, key := range keys {
		for _, tail := range []string{"/", ".json"} {
			a := w.stranger().get("/rooms/" + strings.TrimSuffix(roomsPath(key), "/")[len("/rooms/"):] + tail)
			if strings.Contains(a.body, `"token"`) {
				t.Errorf("key %q got a token: %s", key, a.body)
			}
			if a.status == 200 && strings.Contains(a.body, `"id":"`+id+`"`) {
				continue // the registered room, as anybody may see it
			}
			a.is(404, roomsNoRoom)
		}
	}
}

func TestATemporaryRoomNeverTakesTheSlugOfARegisteredOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.room("urnuuid"+roomsUUID, w.user("boss"), roomsLevel(domain.Restricted))
	w.stranger().get("/rooms/urnuuid"+roomsUUID+"/").is(200, "-")
	w.stranger().get("/rooms/urn:uuid:"+roomsUUID+"/").is(404, roomsNoRoom)
}
