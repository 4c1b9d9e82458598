package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"meet/domain"
)

func TestUsersAreForTheSignedIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.user("ada").ID
	for _, c := range []struct{ method, path string }{
		{"GET", "/users/"}, {"POST", "/users/"}, {"DELETE", "/users/"}, {"GET", "/users/me/"}, {"PUT", "/users/me/"},
		{"GET", fmt.Sprint("/users/", id, "/")}, {"PUT", fmt.Sprint("/users/", id, "/")}, {"PATCH", fmt.Sprint("/users/", id, "/")},
		{"DELETE", fmt.Sprint("/users/", id, "/")},
	} {
		answer := w.stranger().send(c.method, c.path, map[string]any{"timezone": "Europe/Paris"})
		answer.is(401, noSession)
		if answer.header("WWW-Authenticate") != "Session" {
			t.Errorf("%s %s: WWW-Authenticate %q", c.method, c.path, answer.header("WWW-Authenticate"))
		}
	}
}

func TestMethodsThatUsersLackAreRefusedAfterSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ada, bob := w.user("ada"), w.user("bob")
	b := w.as(ada)
	for _, c := range []struct{ method, path, allow string }{
		{"POST", "/users/", "GET, HEAD, OPTIONS"}, {"DELETE", "/users/", "GET, HEAD, OPTIONS"}, {"PUT", "/users/me/", "GET, HEAD, OPTIONS"},
		{"GET", fmt.Sprint("/users/", ada.ID, "/"), "PUT, PATCH, OPTIONS"}, {"GET", fmt.Sprint("/users/", bob.ID, "/"), "PUT, PATCH, OPTIONS"},
		{"DELETE", fmt.Sprint("/users/", ada.ID, "/"), "PUT, PATCH, OPTIONS"},
	} {
		answer := b.send(c.method, c.path, nil)
		answer.is(405, fmt.Sprintf(`{"detail":"Method \"%s\" not allowed."}`, c.method))
		if answer.header("Allow") != c.allow {
			t.Errorf("%s %s: Allow %q, want %q", c.method, c.path, answer.header("Allow"), c.allow)
		}
	}
}

func TestMeIsExactlyTheUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ada := w.user("ada")
	w.as(ada).get("/users/me/").is(200, fmt.Sprintf(`{"id":"%s","email":"ada@example.com","full_name":"ada Doe","short_name":"ada",`+
		`"timezone":"UTC","language":"en-us","default_room_access_level":null,"default_room_configuration":{}}`, ada.ID))
	nobody := w.user("nobody", func(u *domain.User) { u.Email, u.FullName, u.ShortName = "", "", "" })
	w.as(nobody).get("/users/me/").is(200, fmt.Sprintf(`{"id":"%s","email":null,"full_name":null,"short_name":null,`+
		`"timezone":"UTC","language":"en-us","default_room_access_level":null,"default_room_configuration":{}}`, nobody.ID))
}

func TestUsersAreListedOnlyWhereTheInstanceAllows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.as(w.user("ada")).get("/users/").is(200, `{"count":0,"next":null,"previous":null,"results":[]}`)

	open := newWorld(t, func(s *setup) { s.http.ListUsers = true })
	for _, email := range []string{"frank_poole", "heywood_floyd", "nicole_foole", "david.bowman"} {
		open.user(email, func(u *domain.User) { u.Email = email + "@work.com" })
	}
	b := open.as(open.user("ada"))
	emails := func(path string) string {
		var list []string
		for _, item := range b.get(path).json()["results"].([]any) {
			list = append(list, fmt.Sprint(item.(map[string]any)["email"]))
		}
		return strings.Join(list, " ")
	}
	if got := b.get("/users/").json()["count"]; got != 5.0 {
		t.Errorf("%v users", got)
	}
	if got := emails("/users/?q=david.bowman@work.com"); got != "david.bowman@work.com" {
		t.Errorf("exact e-mail: %s", got)
	}
	if got := emails("/users/?q=oole"); got != "nicole_foole@work.com frank_poole@work.com" {
		t.Errorf("part of an e-mail, newest first: %s", got)
	}
}

func TestPeopleChangeThemselvesOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ada, bob := w.user("ada"), w.user("bob")
	b := w.as(ada)
	all := map[string]any{
		"id": bob.ID, "email": "x@y.example", "full_name": "X", "short_name": "X", "timezone": "US/Pacific", "language": "fr-fr",
	}
	for _, body := range []any{all, map[string]any{"timezone": "nonsense"}, "{"} {
		b.put(fmt.Sprint("/users/", bob.ID, "/"), body).is(403, forbidden)
	}
	answer := b.put(fmt.Sprint("/users/", ada.ID, "/"), all)
	answer.is(200, "-")
	want := map[string]any{"id": ada.ID.String(), "email": ada.Email, "full_name": ada.FullName, "timezone": "US/Pacific", "language": "fr-fr"}
	for key, value := range want {
		if got := answer.json()[key]; got != value {
			t.Errorf("%s: got %v, want %v", key, got, value)
		}
	}
	if stored, _ := w.users.Get(t.Context(), bob.ID); stored.Timezone != "UTC" || stored.Language != "en-us" {
		t.Errorf("bob changed: %+v", stored.Profile)
	}
	b.patch(fmt.Sprint("/users/", ada.ID, "/"), nil).is(200, "-")
	b.patch(fmt.Sprint("/users/", w.NewID(), "/"), nil).is(404, `{"detail":"No User matches the given query."}`)
	b.patch("/users/abc/", nil).is(404, `{"detail":"Not found."}`)
}

func TestPreferencesAreChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ada := w.user("ada")
	b, path := w.as(ada), fmt.Sprint("/users/", ada.ID, "/")
	for _, c := range []struct{ body, want string }{
		{`{"timezone":null}`, `{"timezone":["This field may not be null."]}`},
		{`{"timezone":""}`, `{"timezone":["This field may not be blank."]}`},
		{`{"timezone":"Mars/Olympus"}`, `{"timezone":["A valid timezone is required."]}`},
		{`{"timezone":"europe/paris"}`, `{"timezone":["A valid timezone is required."]}`},
		{`{"timezone":" UTC"}`, `{"timezone":["A valid timezone is required."]}`},
		{`{"timezone":5}`, `{"timezone":["A valid timezone is required."]}`},
		{`{"timezone":"../etc/passwd"}`, `{"timezone":["A valid timezone is required."]}`},
		{`{"timezone":"/etc/passwd"}`, `{"timezone":["A valid timezone is required."]}`},
		{`{"timezone":"Local"}`, `{"timezone":["A valid timezone is required."]}`},
		{`{"language":"xx"}`, `{"language":["\"xx\" is not a valid choice."]}`},
		{`{"language":""}`, `{"language":["\"\" is not a valid choice."]}`},
		{`{"language":null}`, `{"language":["This field may not be null."]}`},
		{`{"language":true}`, `{"language":["\"True\" is not a valid choice."]}`},
		{`{"default_room_access_level":"invalid"}`, `{"default_room_access_level":["\"invalid\" is not a valid choice."]}`},
		{`{"default_room_configuration":null}`, `{"default_room_configuration":["This field may not be null."]}`},
		{`{"default_room_configuration":{"unknown_field":true}}`, `{"default_room_configuration":[{"type":"extra_forbidden","loc":["unknown_field"],` +
			`"msg":"Extra inputs are not permitted","input":"True","url":"https://errors.pydantic.dev/2.13/v/extra_forbidden"}]}`},
		{`{"default_room_configuration":[]}`, `{"default_room_configuration":[{"type":"model_type","loc":[],"msg":"Input should be a valid dictionary or ` +
			`instance of RoomConfiguration","input":[],"ctx":{"class_name":"RoomConfiguration"},"url":"https://errors.pydantic.dev/2.13/v/model_type"}]}`},
		{`{"timezone":"x","language":"y"}`, `{"language":["\"y\" is not a valid choice."],"timezone":["A valid timezone is required."]}`},
		{`[]`, `{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}`},
		{`null`, `{"non_field_errors":["No data provided"]}`},
	} {
		b.patch(path, c.body).is(400, c.want)
	}
	b.put(path, `{"language":"fr-fr"}`).is(400, `{"timezone":["This field is required."]}`)
	for _, zone := range []string{"US/Pacific", "Asia/Calcutta", "EST", "GMT", "Etc/GMT+5", "Europe/Paris", "America/Argentina/Buenos_Aires"} {
		b.patch(path, map[string]any{"timezone": zone}).is(200, "-")
	}
	if stored, _ := w.users.Get(t.Context(), ada.ID); stored.DefaultRoomAccessLevel != nil || len(stored.DefaultRoomConfiguration) != 0 {
		t.Errorf("refused preferences were stored: %+v", stored)
	}
}

func TestRoomPreferencesAreStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ada := w.user("ada")
	b, path := w.as(ada), fmt.Sprint("/users/", ada.ID, "/")
	b.patch(path, `{"default_room_access_level":"trusted","default_room_configuration":{"can_publish_sources":["microphone","camera"],"everyone_can_mute":"no"}}`).is(200, "-")
	me := b.get("/users/me/").json()
	if got := fmt.Sprint(me["default_room_access_level"], me["default_room_configuration"]); got != "trustedmap[can_publish_sources:[microphone camera] everyone_can_mute:false]" {
		t.Errorf("stored %s", got)
	}
	for _, unset := range []string{`""`, `null`} {
		b.patch(path, `{"default_room_access_level":`+unset+`}`).is(200, "-")
	}
}
