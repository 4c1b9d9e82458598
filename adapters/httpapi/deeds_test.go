package httpapi_test

import (
	"testing"

	"github.com/google/uuid"

	"meet/domain"
)

// deed is the only one since the last call.
func (w *world) deed() domain.Deed {
	w.t.Helper()
	deeds := w.Deeds
	w.Deeds = nil
	if len(deeds) != 1 {
		w.t.Fatalf("%d deeds were written down: %+v", len(deeds), deeds)
	}
	return deeds[0]
}

func TestWhoDidWhatToWhichRoomFromWhereIsWrittenDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, member := w.user("ada"), w.user("bob")
	b := w.as(owner)
	b.header["X-Forwarded-For"], b.header["Peer"] = "203.0.113.9", "10.1.1.1:99"
	var room uuid.UUID
	expect := func(action domain.Action, subject, key, value string, a answer) {
		t.Helper()
		deed := w.deed()
		if room == uuid.Nil {
			room = deed.Room
		}
		if deed.Action != action || deed.Actor != owner.ID || deed.Room != room || deed.Subject != subject || deed.Details[key] != value {
			t.Errorf("%s: %+v", action, deed)
		}
		if deed.Address != "203.0.113.9" || deed.RequestID == "" || deed.RequestID != a.header("X-Request-Id") {
			t.Errorf("%s came from %+v", action, deed.Origin)
		}
	}
	made := b.post("/rooms/", map[string]any{"name": "Daily"})
	expect(domain.RoomAdded, "", "access_level", "public", made)
	path := "/rooms/" + room.String() + "/"
	expect(domain.RoomChanged, "", "changed", "access_level", b.patch(path, map[string]any{"access_level": "restricted"}))
	granted := b.post("/resource-accesses/", map[string]any{"user": member.ID, "resource": room, "role": "member"})
	expect(domain.AccessGranted, member.ID.String(), "role", "member", granted)
	access := "/resource-accesses/" + granted.json()["id"].(string) + "/"
	expect(domain.AccessChanged, member.ID.String(), "role", "administrator", b.patch(access, map[string]any{"role": "administrator"}))
	expect(domain.AccessRevoked, member.ID.String(), "role", "administrator", b.delete(access))
	expect(domain.PeopleInvited, "", "count", "2", b.post(path+"invite/", map[string]any{"emails": []string{"a@example.com", "b@example.com"}}))

	guest := w.stranger()
	knocked := guest.post(path+"request-entry/", map[string]any{"username": "Zoé"}).json()["id"].(string)
	answered := b.post(path+"enter/", map[string]any{"participant_id": knocked, "allow_entry": false})
	expect(domain.KnockAnswered, knocked, "status", "denied", answered)
	expect(domain.RoomRemoved, "", "", "", b.delete(path))
}

func TestWhatIsRefusedIsNotWrittenDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	room := w.room("Daily", w.user("ada"))
	b := w.as(w.user("bob"))
	b.patch("/rooms/"+room.ID.String()+"/", map[string]any{"name": "Mine"}).is(403, "-")
	b.delete("/rooms/"+room.ID.String()+"/").is(403, "-")
	b.post("/resource-accesses/", map[string]any{"user": room.ID, "resource": room.ID}).is(403, "-")
	if len(w.Deeds) > 0 {
		t.Errorf("written down: %+v", w.Deeds)
	}
}

func TestRequestsAndSignInsAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("ada"))
	b.get("/users/me/")
	b.get("/rooms/one/")
	b.get("/rooms/two/")
	w.provider.People["new"] = map[string]any{"sub": "new", "email": "new@example.com"}
	w.stranger().signIn("new")
	w.stranger().signIn("nobody the provider knows")
	for request, times := range map[string]int{
		"GET /api/v1.0/users/me/ 200": 1, "GET /api/v1.0/rooms/:key/ 200": 2, "GET /api/v1.0/callback/ 302": 3,
	} {
		if got := w.meter.Answers(request); got != times {
			t.Errorf("%s: counted %d times, want %d", request, got, times)
		}
	}
	for outcome, times := range map[domain.SignInOutcome]int{domain.SignInKnown: 1, domain.SignInNew: 1, domain.SignInRefused: 1} {
		if got := w.meter.SignIns(outcome); got != times {
			t.Errorf("%s: counted %d times, want %d", outcome, got, times)
		}
	}
}
