package httpapi_test

import (
	"net/http"
	"testing"

	"meet/domain"
)

func TestMethodsThatAnEndpointDoesNotServe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.room("room", w.user("ada"), func(r *domain.Room) { r.AccessLevel = domain.Public })
	b := w.stranger()
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/rooms/room/rename/", 405, "POST, OPTIONS"}, {"PUT", "/rooms/room/toggle-hand/", 405, "POST, OPTIONS"}, {"GET", "/rooms/room/mute-participant/", 405, "POST, OPTIONS"},
		{"GET", "/rooms/room/start-subtitle/", 405, "POST, OPTIONS"}, {"DELETE", "/rooms/room/rename/", 405, "POST, OPTIONS"}, {"POST", "/rooms/room/rename/", 403, "POST, OPTIONS"},
		{"TRACE", "/rooms/room/", 405, "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"}, {"TRACE", "/config/", 405, "GET, OPTIONS"}, {"PROPFIND", "/config/", 405, "GET, OPTIONS"},
		{"FOO", "/config/", 405, "GET, OPTIONS"}, {"FOO", "/rooms/room/rename/", 405, "POST, OPTIONS"}, {"TRACE", "/rooms/creation-callback/", 405, "POST, OPTIONS"},
		{"TRACE", "/users/me/", 401, ""}, {"FOO", "/logout/", 405, "GET, POST"}, {"FOO", "/nowhere/", 404, ""},
		{"GET", "/rooms/webhooks-livekit/", 405, "POST, OPTIONS"}, {"POST", "/rooms/webhooks-livekit/", 401, "POST, OPTIONS"}, {"OPTIONS", "/rooms/webhooks-livekit/", 200, "POST, OPTIONS"},
		{"GET", "/rooms/room/enter/", 401, ""},
	} {
		a := b.send(c.method, c.path, nil)
		if a.status != c.status || c.allow != "" && a.header("Allow") != c.allow {
			t.Errorf("%s %s: %d %s, Allow: %s", c.method, c.path, a.status, a.body, a.header("Allow"))
		}
		if want := `{"detail":"Method \"` + c.method + `\" not allowed."}`; a.status == http.StatusMethodNotAllowed && c.path != "/logout/" && a.body != want {
			t.Errorf("%s %s: %s", c.method, c.path, a.body)
		}
	}
}

func TestOfAQueryParameterGivenTwiceTheLastCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.http.ListUsers = true })
	ada := w.user("ada")
	w.room("a", ada)
	b := w.as(ada)
	for path, status := range map[string]int{
		"/rooms/?page=9&page=1": 200, "/rooms/?page=1&page=9": 404, "/rooms/a/?format=api&format=json": 200, "/rooms/a/?format=json&format=api": 404,
		"/rooms/a/?username=%00&username=x": 200, "/rooms/a/?username=x&username=%00": 400,
	} {
		if a := b.get(path); a.status != status {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}
