package httpapi_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"meet/adapters/httpapi"
	"meet/domain"
)

func TestAConfigurationCannotCostEverybodyMuch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("ada"))
	many := func(item any) []any {
		list := make([]any, 900)
		for i := range list {
			list[i] = item
		}
		return list
	}
	unknown := map[string]any{}
	for i := range 400 {
		unknown[strconv.Itoa(i)] = 0
	}
	for name, configuration := range map[string]any{
		"wrong sources": map[string]any{"can_publish_sources": many(0)},
		"many sources":  map[string]any{"can_publish_sources": many("camera")},
		"unknown keys":  unknown,
	} {
		answer := b.post("/rooms/", map[string]any{"name": name, "configuration": configuration})
		if answer.status != http.StatusBadRequest || len(answer.body) > 10_000 {
			t.Errorf("%s: %d, %d bytes", name, answer.status, len(answer.body))
		}
	}
	w.room("twice", w.user("bob"), func(r *domain.Room) {
		r.Configuration = domain.RoomConfiguration{"can_publish_sources": []any{"camera", "camera", "microphone"}}
	})
	grants := roomsClaims(t, roomsAt(w.stranger().get("/rooms/twice/"), "livekit.token"))
	if sources, _ := grants["video"].(map[string]any)["canPublishSources"].([]any); len(sources) != 2 {
		t.Errorf("sources %v", sources)
	}
}

func TestManyEscapesAreReadQuickly(t *testing.T) {
	t.Parallel()
	b := newWorld(t).stranger()
	text := `{"callback_id":"` + strings.Repeat(`\ud83d\ude00`, 1000) + `"}`
	begun := time.Now()
	b.post("/rooms/creation-callback/", text).is(http.StatusOK, `{"status":"success","room":{}}`)
	if took := time.Since(begun); took > time.Second { // each once copied the rest of the text
		t.Errorf("took %v", took)
	}
}

func TestQueriesThatOnlyLookLikeAFormat(t *testing.T) {
	t.Parallel()
	b := newWorld(t).stranger()
	for query, status := range map[string]int{
		"xformat=1": 200, "username=format=x": 200, "format=": 200, "format=json": 200, "format=api": 404,
	} {
		b.get("/rooms/some-room/?"+query).is(status, "-")
	}
}

func TestMalformedPortsAreRefused(t *testing.T) {
	t.Parallel()
	b := newWorld(t).stranger()
	for host, status := range map[string]int{host: 200, host + ":8000": 200, host + ":evil": 400} {
		b.header["Host"] = host
		b.get("/rooms/some-room/").is(status, "-")
	}
}

func TestAListOfPeopleShowsOnesOwnPreferences(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.http.ListUsers = true })
	level := domain.Trusted
	ada := w.user("ada", func(u *domain.User) { u.DefaultRoomAccessLevel = &level })
	w.user("bob", func(u *domain.User) { u.DefaultRoomAccessLevel = &level })
	for _, shown := range w.as(ada).get("/users/").json()["results"].([]any) {
		user := shown.(map[string]any)
		if own := user["id"] == ada.ID.String(); own != (user["default_room_access_level"] == "trusted") {
			t.Errorf("%v", user)
		}
	}
	hidden := newWorld(t, func(s *setup) { s.http = withoutUsers(s.http) })
	hidden.as(hidden.user("ada")).get("/users/?page=2").is(http.StatusNotFound, `{"detail":"Invalid page."}`)
}

func withoutUsers(config httpapi.Config) httpapi.Config {
	config.ListUsers = false
	return config
}
