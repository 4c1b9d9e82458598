package httpapi_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"meet/domain"
)

const roomsNotAllowed = `{"detail":"You do not have permission to perform this action."}`

func TestOnlyAdministratorsChangeARoomAndOnlyOwnersDeleteIt(t *testing.T) {
	t.Parallel()
	for role, want := range map[string]struct{ change, remove int }{
		"stranger": {401, 401}, "": {403, 403}, "member": {403, 403}, "administrator": {200, 403}, "owner": {200, 204},
	} {
		w := newWorld(t)
		jane, boss := w.user("jane"), w.user("boss")
		b := w.as(jane)
		if role == "stranger" {
			b = w.stranger()
		}
		for _, level := range []domain.AccessLevel{domain.Public, domain.Restricted} {
			r := w.room("room "+string(level), boss, roomsLevel(level))
			own := w.room("own "+string(level), jane)
			if known, ok := domain.ParseRole(role); ok {
				w.grant(r, jane, known)
			}
			path := roomsPath(r.ID.String())
			if role == "stranger" || role == "" {
				path = roomsPath(r.Slug)
			}
			refusal := map[int]string{401: noSession, 403: roomsNotAllowed, 200: "-", 204: ""}
			full := map[string]any{"name": "x " + string(level), "access_level": "trusted", "configuration": map[string]any{"everyone_can_mute": true}, "id": own.ID}
			before := w.current(r)
			if want.change != 200 { // the body is not looked at
				b.put(path, "{").is(want.change, refusal[want.change])
				roomsRaw{method: "PATCH", path: path, body: "x", header: roomsType("text/plain")}.send(b).is(want.change, refusal[want.change])
			}
			b.put(path, full).is(want.change, refusal[want.change])
			b.patch(path, map[string]any{"name": "y " + string(level)}).is(want.change, refusal[want.change])
			if changed := !reflect.DeepEqual(before, w.current(r)); changed != (want.change == 200) {
				t.Errorf("%q changed the room: %v", role, changed)
			}
			b.delete(path).is(want.remove, refusal[want.remove])
			w.as(boss).get(roomsPath(r.ID.String())).is(map[bool]int{true: 404, false: 200}[want.remove == 204], "-")
			if w.current(own).Name != "own "+string(level) {
				t.Errorf("%q changed another room", role)
			}
		}
	}
}

func TestDeletingARoomTakesItsAccessesAlong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss, jane := w.user("boss"), w.user("jane")
	r := w.room("room", boss)
	access := w.grant(r, jane, domain.Administrator)
	kept := w.room("kept", boss)
	b := w.as(boss)
	b.delete("/rooms/room/").is(204, "")
	b.delete(roomsPath(r.ID.String())).is(404, roomsNoRoom)
	b.delete("/rooms/room/").is(404, roomsNoRoom)
	b.get("/resource-accesses/"+access.ID.String()+"/").is(404, `{"detail":"No ResourceAccess matches the given query."}`)
	w.as(jane).get("/rooms/").is(200, `{"count":0,"next":null,"previous":null,"results":[]}`)
	roomsHas(b.get("/rooms/"), 200, map[string]any{"count": 1.0, "results.0.id": kept.ID.String()})
	b.post("/rooms/", form{"name": "room"}).is(201, "-")
}

func TestARefusalNamesTheFirstThingThatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user("jane")
	w.room("foreign", w.user("boss"))
	w.room("own", jane)
	b := w.as(jane)
	for _, method := range []string{"PUT", "PATCH"} {
		for _, unknown := range []string{"/rooms/unknown/", "/rooms/" + roomsUUID + "/", "/rooms/会议/"} {
			b.send(method, unknown, "{").is(404, roomsNoRoom)
			w.stranger().send(method, unknown, "{").is(401, noSession)
		}
		send := func(path, kind, body string) answer {
			return roomsRaw{method: method, path: path, body: body, header: roomsType(kind)}.send(b)
		}
		send("/rooms/foreign/", "text/plain", "{").is(403, roomsNotAllowed)
		send("/rooms/own/", "text/plain", "{").is(415, `{"detail":"Unsupported media type \"text/plain\" in request."}`)
		if a := send("/rooms/own/", "application/json", "{"); a.status != 400 || !strings.HasPrefix(a.body, `{"detail":"JSON parse error - `) {
			t.Errorf("got %d %s", a.status, a.body)
		}
	}
	b.post("/rooms/own/", "{").is(405, `{"detail":"Method \"POST\" not allowed."}`)
	b.put("/rooms/", "{").is(405, `{"detail":"Method \"PUT\" not allowed."}`)
	w.stranger().post("/rooms/own/", "{").is(401, noSession)
	b.put("/rooms/own/", "{}").is(400, `{"name":["This field is required."]}`)
	b.patch("/rooms/own/", "{}").is(200, "-")
	b.patch("/rooms/own/", nil).is(200, "-")
}

func TestUnusableChangesAreRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user("jane")
	w.room("my room", jane)
	r := w.room("other", jane, roomsLevel(domain.Trusted))
	b := w.as(jane)
	before := w.current(r)
	for _, method := range []string{"PUT", "PATCH"} {
		for _, test := range roomsFieldErrors {
			roomsLike(b.send(method, "/rooms/other/", test.body), 400, test.want)
			body := strings.TrimSuffix(test.body, "}") + `,"id":"x"}`
			roomsLike(b.send(method, "/rooms/other/", body), 400, test.want)
		}
		b.send(method, "/rooms/other/", `{"name":"my_room-","access_level":"public"}`).is(200, "-")
		b.send(method, "/rooms/my_room/", `{"name":"MY ROOM","access_level":"public"}`).is(400, roomsSlugTaken)
		b.send(method, "/rooms/my_room/", `{"name":"other","access_level":"trusted"}`).is(200, "-")
	}
	after := w.current(r)
	before.UpdatedAt = after.UpdatedAt
	if !reflect.DeepEqual(before, after) || len(w.meeting.Published) != 4 {
		t.Errorf("changed from %+v to %+v, told %v", before, after, w.meeting.Published)
	}
}

func TestWhatIsNotSentStaysAsItIs(t *testing.T) {
	t.Parallel()
	old := domain.RoomConfiguration{"everyone_can_mute": true}
	for name, test := range map[string]struct {
		method, body   string
		wantName, slug string
		level          domain.AccessLevel
		configuration  domain.RoomConfiguration
		told           bool
	}{
		"all": {"PUT", `{"name":"New name","slug":"should-be-ignored","access_level":"restricted","configuration":{"can_publish_sources":["camera"]}}`,
			"New name", "new-name", "restricted", domain.RoomConfiguration{"can_publish_sources": []any{"camera"}}, true},
		"put name":           {"PUT", `{"name":"New name"}`, "New name", "new-name", "trusted", old, false},
		"put level":          {"PUT", `{"name":"Old","access_level":"public"}`, "Old", "old", "public", old, true},
		"put same":           {"PUT", `{"name":"Old","access_level":"trusted","configuration":{"everyone_can_mute":true}}`, "Old", "old", "trusted", old, false},
		"patch name":         {"PATCH", `{"name":"New name","pin_code":"1"}`, "New name", "new-name", "trusted", old, false},
		"patch level":        {"PATCH", `{"access_level":"restricted"}`, "Old", "old", "restricted", old, true},
		"patch to no config": {"PATCH", `{"configuration":{}}`, "Old", "old", "trusted", domain.RoomConfiguration{}, true},
		"patch config": {"PATCH", `{"configuration":{"can_publish_sources":null}}`,
			"Old", "old", "trusted", domain.RoomConfiguration{"can_publish_sources": nil}, true},
		"patch same config":  {"PATCH", `{"configuration":{"everyone_can_mute":"yes"}}`, "Old", "old", "trusted", old, false},
		"patch nothing":      {"PATCH", `{"callback_id":null,"id":[],"accesses":1}`, "Old", "old", "trusted", old, false},
		"patch without slug": {"PATCH", `{"name":"会议"}`, "会议", "old", "trusted", old, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			level := domain.Restricted
			jane := w.user("jane", func(u *domain.User) {
				u.DefaultRoomAccessLevel, u.DefaultRoomConfiguration = &level, domain.RoomConfiguration{"everyone_can_mute": false}
			})
			r := w.room("Old", w.user("boss"), roomsLevel(domain.Trusted), roomsConfig(old))
			w.grant(r, jane, domain.Administrator)
			a := w.as(jane).send(test.method, "/rooms/old/", test.body)
			roomsHas(a, 200, map[string]any{"id": r.ID.String(), "name": test.wantName, "slug": test.slug, "pin_code": nil,
				"access_level": string(test.level), "configuration": map[string]any(test.configuration), "accesses.1.role": "owner",
				"livekit.room": r.ID.String()})
			now := w.current(r)
			if now.Slug != test.slug || now.Name != test.wantName || now.AccessLevel != test.level || !reflect.DeepEqual(now.Configuration, test.configuration) {
				t.Errorf("stored %+v", now)
			}
			if !now.UpdatedAt.After(r.UpdatedAt) || !now.CreatedAt.Equal(r.CreatedAt) {
				t.Errorf("created %v, updated %v", now.CreatedAt, now.UpdatedAt)
			}
			told := w.meeting.Published
			if (len(told) == 1) != test.told || len(told) > 1 {
				t.Fatalf("told %v", told)
			}
			if test.told && (told[0].Room != r.ID || told[0].Level != test.level || !reflect.DeepEqual(told[0].Configuration, test.configuration)) {
				t.Errorf("told %+v", told[0])
			}
			if test.slug != "old" && roomsAt(w.as(jane).get("/rooms/old/"), "id") != nil {
				t.Errorf("the old address still leads to the room")
			}
		})
	}
}

func TestAMeetingThatCannotBeToldDoesNotUndoTheChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss := w.user("boss")
	r := w.room("room", boss)
	b := w.as(boss)
	w.meeting.Err = errors.New("no answer")
	roomsHas(b.patch("/rooms/room/", `{"access_level":"trusted"}`), 200, map[string]any{"access_level": "trusted"})
	if w.current(r).AccessLevel != domain.Trusted || len(w.meeting.Published) != 1 || len(w.Warnings) != 1 ||
		!strings.Contains(w.Warnings[0], "sync metadata to LiveKit") {
		t.Errorf("stored %v, told %v, warnings %v", w.current(r), w.meeting.Published, w.Warnings)
	}
}

func TestOfRoomsRenamedAtOnceToOneSlugOneIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss := w.user("boss")
	var steps []func() answer
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		r, b := w.room(name, boss), w.as(boss)
		steps = append(steps, func() answer { return b.patch(roomsPath(r.ID.String()), `{"name":"Same"}`) })
	}
	renamed := 0
	for _, a := range roomsTogether(steps...) {
		if a.status == 200 {
			renamed++
			continue
		}
		a.is(400, roomsSlugTaken)
	}
	if renamed != 1 {
		t.Errorf("%d rooms renamed", renamed)
	}
}
