package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestAnswersRepeatLittleOfTheInput sends long values wherever an answer
// repeats what was sent.
func TestAnswersRepeatLittleOfTheInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("ada"))
	room := b.post("/rooms/", map[string]any{"name": "mine"}).json()["id"].(string)
	filler := strings.Repeat("!", 460)
	reserved := filler + "550e8400-e29b-41d4-a716-446655440000"
	for name, got := range map[string]answer{
		"a new name":         b.post("/rooms/", map[string]any{"name": reserved}),
		"another name":       b.patch("/rooms/"+room+"/", map[string]any{"name": reserved}),
		"a level":            b.patch("/rooms/"+room+"/", map[string]any{"access_level": filler}),
		"a role":             b.post("/resource-accesses/", map[string]any{"resource": room, "user": room, "role": filler}),
		"a user":             b.post("/resource-accesses/", map[string]any{"resource": room, "user": filler, "role": "member"}),
		"a resource":         b.post("/resource-accesses/", map[string]any{"resource": filler, "user": room, "role": "member"}),
		"a key":              b.patch("/rooms/"+room+"/", map[string]any{"configuration": map[string]any{filler: filler}}),
		"a source":           b.patch("/rooms/"+room+"/", map[string]any{"configuration": map[string]any{"can_publish_sources": []any{filler}}}),
		"a boolean":          b.patch("/rooms/"+room+"/", map[string]any{"configuration": map[string]any{"everyone_can_mute": filler}}),
		"an e-mail address":  b.post("/rooms/"+room+"/invite/", map[string]any{"emails": []any{filler}}),
		"a time zone":        b.patch("/users/"+room+"/", map[string]any{"timezone": filler}),
		"a participant":      b.post("/rooms/"+room+"/enter/", map[string]any{"participant_id": filler, "allow_entry": filler}),
		"a query":            b.get("/users/?q=x&page=" + filler),
		"a key of an access": b.get("/resource-accesses/" + filler + "/"),
	} {
		if strings.Contains(got.body, filler[:101]) {
			t.Errorf("%s: %d, %d characters: %s", name, got.status, utf8.RuneCountInString(got.body), got.body)
		}
		if got.status < http.StatusBadRequest {
			t.Errorf("%s: %d", name, got.status)
		}
	}
}
