package httpapi_test

import (
	"strings"
	"testing"

	"meet/domain"
)

func TestReferencesOfAnAccessMustMakeSense(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss, tess := w.user("boss"), w.user("tess")
	r := w.room("room", boss)
	b := w.as(boss)
	target := w.grant(r, w.user("kim"), domain.Member)
	before := roomsState(b, boss)
	for sent, text := range map[string]string{
		`null`: `This field may not be null.`, `""`: `This field may not be null.`,
		`"abc"`: `“abc” is not a valid UUID.`, `1.5`: `“1.5” is not a valid UUID.`, `[]`: `“[]” is not a valid UUID.`, `{}`: `“{}” is not a valid UUID.`,
		`true`: `Incorrect type. Expected pk value, received bool.`, `false`: `Incorrect type. Expected pk value, received bool.`,
		`5`: `Invalid pk \"5\" - object does not exist.`, `"` + roomsUUID + `"`: `Invalid pk \"` + roomsUUID + `\" - object does not exist.`,
		`"` + strings.ToUpper(roomsUUID) + `"`: `Invalid pk \"` + strings.ToUpper(roomsUUID) + `\" - object does not exist.`,
		`"a/../b"`:                             `“a/../b” is not a valid UUID.`, `"../"`: `“../” is not a valid UUID.`,
	} {
		want := `{"user":["` + text + `"],"resource":["` + text + `"]}`
		body := `{"user":` + sent + `,"resource":` + sent + `}`
		roomsLike(b.post("/resource-accesses/", body), 400, want)
		roomsLike(b.put(accessesPath(target.ID), body), 400, want)
		roomsLike(b.patch(accessesPath(target.ID), body), 400, want)
		roomsLike(w.as(tess).post("/resource-accesses/", body), 400, want)
	}
	for _, sent := range []string{`"a\u0000"`, `"\ud800"`, `99999999999999999999999999999999`, `1e999`, `[[]]`, `{"id":1}`, `-1`,
		`"` + r.ID.String() + `\u0000"`, `"` + strings.Repeat("9", 5000) + `"`, `"{` + r.ID.String() + `"`, `"` + r.ID.String() + `-"`} {
		for _, body := range []string{`{"user":` + sent + `,"resource":"` + r.ID.String() + `"}`, `{"user":"` + tess.ID.String() + `","resource":` + sent + `}`} {
			for _, a := range []answer{b.post("/resource-accesses/", body), b.put(accessesPath(target.ID), body), b.patch(accessesPath(target.ID), body)} {
				if a.status != 400 {
					t.Errorf("%s: %d %s", body, a.status, a.body)
				}
			}
		}
	}
	both := `{"user":["This field is required."],"resource":["This field is required."]}`
	for body, want := range map[string]string{
		`{}`: both, ``: both, `{"id":"x","User":1}`: both,
		`{"role":"boss"}`: strings.TrimSuffix(both, "}") + `,"role":["\"boss\" is not a valid choice."]}`,
	} {
		roomsLike(b.post("/resource-accesses/", body), 400, want)
		roomsLike(b.put(accessesPath(target.ID), body), 400, want)
	}
	for sent, text := range map[string]string{
		`""`: `\"\" is not a valid choice.`, `null`: `This field may not be null.`, `"Owner"`: `\"Owner\" is not a valid choice.`,
		`true`: `\"True\" is not a valid choice.`, `[]`: `\"[]\" is not a valid choice.`, `0`: `\"0\" is not a valid choice.`,
		`"owner "`: `\"owner \" is not a valid choice.`, `"a\u0000"`: `\"a\u0000\" is not a valid choice.`, `1e999`: `-`, `"\ud800"`: `-`,
	} {
		body := `{"user":"` + tess.ID.String() + `","resource":"` + r.ID.String() + `","role":` + sent + `}`
		for _, a := range []answer{b.post("/resource-accesses/", body), b.put(accessesPath(target.ID), body), b.patch(accessesPath(target.ID), body)} {
			if text == "-" && a.status == 400 {
				continue
			}
			roomsLike(a, 400, `{"role":["`+text+`"]}`)
		}
	}
	if after := roomsState(b, boss); after != before {
		t.Errorf("changed from %s to %s", before, after)
	}
}

func TestAnIDIsTakenInAnySpelling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss := w.user("boss")
	r := w.room("room", boss)
	b := w.as(boss)
	for i, spell := range []func(string) string{
		strings.ToUpper, func(id string) string { return strings.ReplaceAll(id, "-", "") }, func(id string) string { return "urn:uuid:" + id },
		func(id string) string { return "{" + id + "}" },
	} {
		tess := w.user("tess" + string(rune('a'+i)))
		a := b.post("/resource-accesses/", form{"user": spell(tess.ID.String()), "resource": spell(r.ID.String())})
		roomsHas(a, 201, map[string]any{"user": tess.ID.String(), "resource": r.ID.String(), "role": "member"})
		id, _ := roomsAt(a, "id").(string)
		if i < 2 {
			b.get("/resource-accesses/"+spell(id)+"/").is(200, a.body)
		}
	}
}

func TestAnAccessThatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.room("room", w.user("boss"))
	b := w.as(w.user("jane"))
	for key, want := range map[string]string{
		roomsUUID: accessesNone, strings.ReplaceAll(roomsUUID, "-", ""): accessesNone, r.ID.String(): accessesNone,
		"00000000-0000-0000-0000-000000000000": accessesNone,
		"abc":                                  roomsNotFound, "1": roomsNotFound, "a.b": roomsNotFound, "%00": roomsNotFound, "%ff": roomsNotFound,
		roomsUUID + "x": roomsNotFound, roomsUUID + ".x": roomsNotFound, "room": roomsNotFound,
	} {
		for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
			b.send(method, "/resource-accesses/"+key+"/", "{").is(404, want)
			w.stranger().send(method, "/resource-accesses/"+key+"/", "{").is(401, noSession)
		}
	}
	for _, b := range []*browser{b, w.stranger()} { // no route, whoever asks
		b.get("/resource-accesses/a%2Fb/").is(404, roomsNotFound)
	}
	b.patch("/resource-accesses/", "{").is(405, `{"detail":"Method \"PATCH\" not allowed."}`)
	b.post("/resource-accesses/"+roomsUUID+"/", "{").is(405, `{"detail":"Method \"POST\" not allowed."}`)
	w.stranger().patch("/resource-accesses/", "{").is(401, noSession)
}

func TestAForeignRoomIsRefusedBeforeAnythingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss, jane, tess := w.user("boss"), w.user("jane"), w.user("tess")
	foreign, own := w.room("foreign", boss), w.room("own", jane)
	w.grant(foreign, jane, domain.Member)
	theirs, mine := w.grant(foreign, tess, domain.Member), w.grant(own, tess, domain.Member)
	b := w.as(jane)
	before := roomsState(w.as(boss), boss) + roomsState(b, jane)
	for _, user := range []string{`"x"`, `null`, `"` + tess.ID.String() + `"`, `"` + roomsUUID + `"`} {
		body := `{"role":"boss","user":` + user + `,"resource":"` + foreign.ID.String() + `"}`
		b.post("/resource-accesses/", body).is(403, accessesAdd)
		b.put(accessesPath(mine.ID), body).is(403, accessesAdd)
		b.patch(accessesPath(mine.ID), body).is(403, accessesAdd)
	}
	b.patch(accessesPath(mine.ID), `{"resource":"`+foreign.ID.String()+`"}`).is(403, accessesAdd)
	for _, body := range []string{"{", "{}", `{"role":"owner"}`, `{"resource":"` + own.ID.String() + `"}`} {
		b.put(accessesPath(theirs.ID), body).is(403, roomsNotAllowed)
		b.patch(accessesPath(theirs.ID), body).is(403, roomsNotAllowed)
	}
	roomsRaw{method: "PATCH", path: accessesPath(theirs.ID), body: "x", header: roomsType("text/plain")}.send(b).is(403, roomsNotAllowed)
	b.get(accessesPath(theirs.ID)).is(403, roomsNotAllowed)
	b.delete(accessesPath(theirs.ID)).is(403, roomsNotAllowed)
	if after := roomsState(w.as(boss), boss) + roomsState(b, jane); after != before {
		t.Errorf("changed from %s to %s", before, after)
	}
}

func TestUserAndRoomOfAnAccessNeverChange(t *testing.T) {
	t.Parallel()
	for _, role := range []domain.Role{domain.Administrator, domain.Owner} {
		w := newWorld(t)
		jane, boss, tess, other := w.user("jane"), w.user("boss"), w.user("tess"), w.user("other")
		r, second := w.room("room", boss), w.room("second", jane)
		w.grant(r, jane, role)
		target := w.grant(r, tess, domain.Member)
		b := w.as(jane)
		full := func(field string, value any) map[string]any {
			body := map[string]any{"user": tess.ID, "resource": r.ID, "role": "member", "id": target.ID, "created_at": "x"}
			body[field] = value
			return body
		}
		for field, value := range map[string]any{"id": roomsUUID, "user": other.ID, "resource": second.ID, "unknown": "x"} {
			b.put(accessesPath(target.ID), full(field, value)).is(200, accessesBody(target))
			b.patch(accessesPath(target.ID), map[string]any{field: value}).is(200, accessesBody(target))
		}
		b.put(accessesPath(target.ID), full("user", boss.ID)).is(400, accessesTwice)
		b.patch(accessesPath(target.ID), map[string]any{"user": jane.ID, "role": "owner"}).is(400, accessesTwice)
		w.grant(second, tess, domain.Member)
		b.patch(accessesPath(target.ID), map[string]any{"resource": second.ID}).is(400, accessesTwice)
		b.patch(accessesPath(target.ID), map[string]any{"resource": second.ID, "user": other.ID}).is(200, accessesBody(target))
		if now := accessesNow(w, target); now.UserID != tess.ID || now.ResourceID != r.ID || now.Role != domain.Member || now.CreatedAt != target.CreatedAt {
			t.Errorf("stored %+v", now)
		}
		roomsHas(b.get("/rooms/second/"), 200, map[string]any{"accesses.2": nil})
	}
}

func TestAnAccessExistsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss, jane, tess := w.user("boss"), w.user("jane"), w.user("tess")
	r := w.room("room", boss)
	w.grant(r, jane, domain.Administrator)
	w.grant(r, tess, domain.Member)
	for _, b := range []*browser{w.as(jane), w.as(boss)} {
		for _, role := range []string{"member", "owner"} { // even where the role would be refused
			for _, user := range []domain.User{tess, jane, boss} {
				b.post("/resource-accesses/", form{"user": user.ID.String(), "resource": r.ID.String(), "role": role}).is(400, accessesTwice)
			}
		}
	}
}

func TestOfEqualGrantsMadeAtOnceOneIsMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss, tess := w.user("boss"), w.user("tess")
	r := w.room("room", boss)
	var steps []func() answer
	for range 6 {
		b := w.as(boss)
		steps = append(steps, func() answer {
			return b.post("/resource-accesses/", form{"user": tess.ID.String(), "resource": r.ID.String()})
		})
	}
	made := 0
	for _, a := range roomsTogether(steps...) {
		if a.status == 201 {
			made++
			continue
		}
		a.is(400, accessesTwice)
	}
	if made != 1 {
		t.Errorf("%d accesses made", made)
	}
}

func TestOfOwnersWhoLeaveAtOnceOneStays(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"PATCH", "DELETE"} {
		w := newWorld(t)
		for range 10 {
			var steps []func() answer
			creator := w.user("creator" + w.NewID().String())
			r := w.room("room "+w.NewID().String()+" x", creator)
			list, err := w.accesses.List(t.Context(), creator.ID, domain.Page{Size: 1, Number: 1})
			if err != nil {
				t.Fatal(err)
			}
			second := w.user("second" + w.NewID().String())
			for _, own := range []struct {
				user   domain.User
				access domain.ResourceAccess
			}{{creator, list.Items[0]}, {second, w.grant(r, second, domain.Owner)}} {
				b := w.as(own.user)
				steps = append(steps, func() answer { return b.send(method, accessesPath(own.access.ID), form{"role": "member"}) })
			}
			stayed := 0
			for _, a := range roomsTogether(steps...) {
				if a.status >= 300 {
					a.is(403, accessesLast)
					stayed++
				}
			}
			if stayed != 1 {
				t.Errorf("%s: %d owners stayed", method, stayed)
			}
		}
	}
}
