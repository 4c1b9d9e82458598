package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"meet/domain"
)

const (
	accessesAdd    = `{"detail":"You must be administrator or owner of a room to add accesses to it."}` // ①
	accessesOwners = `{"detail":"Only owners of a room can assign other users as owners."}`             // ②
	accessesLast   = `{"detail":"A resource should keep at least one owner."}`                          // ③
	accessesNone   = `{"detail":"No ResourceAccess matches the given query."}`
	accessesTwice  = `{"non_field_errors":["Resource access with this User and Resource already exists."]}`
)

// accessesExpect reads the shorthand of the tables: a status, and for 403 ①②③.
func accessesExpect(a answer, want string) {
	a.t.Helper()
	status, body := 0, map[string]string{"401": noSession, "403": roomsNotAllowed, "403①": accessesAdd, "403②": accessesOwners, "403③": accessesLast, "204": ""}[want]
	if _, err := fmt.Sscanf(want, "%3d", &status); err != nil {
		a.t.Fatal(err)
	}
	if body == "" && status != 204 {
		body = "-"
	}
	a.is(status, body)
}

func accessesPath(id uuid.UUID) string { return "/resource-accesses/" + id.String() + "/" }

func accessesBody(a domain.ResourceAccess) string {
	return `{"id":"` + a.ID.String() + `","user":"` + a.UserID.String() + `","resource":"` + a.ResourceID.String() + `","role":"` + string(a.Role) + `"}`
}

// accessesNow is the access as it is stored, the zero one when it is gone.
func accessesNow(w *world, a domain.ResourceAccess) domain.ResourceAccess {
	found, err := w.accesses.Case(w.t.Context(), a.ID, uuid.Nil)
	if err != nil {
		return domain.ResourceAccess{}
	}
	return found.Access
}

func TestWhatEachRoleMayDoWithEachAccess(t *testing.T) {
	t.Parallel()
	// A role of "own" is the caller's own access; with "last" there is no other owner.
	refused := [6]string{"403", "403", "403", "403", "403", "403"}
	owners := [6]string{"200", "403②", "403②", "403②", "403②", "403"}
	allowed := [6]string{"200", "200", "200", "403②", "200", "204"}
	all := [6]string{"200", "200", "200", "200", "200", "204"}
	for _, test := range []struct {
		caller, target string
		want           [6]string // get, to member, to administrator, to owner, no role, delete
	}{
		{"", "member", refused}, {"", "administrator", refused}, {"", "owner", refused},
		{"member", "member", refused}, {"member", "administrator", refused}, {"member", "owner", refused}, {"member", "own", refused},
		{"administrator", "member", allowed}, {"administrator", "administrator", allowed}, {"administrator", "owner", owners}, {"administrator", "own", allowed},
		{"owner", "member", all}, {"owner", "administrator", all}, {"owner", "owner", owners}, {"owner", "own", all},
		{"owner", "last", [6]string{"200", "403③", "403③", "200", "200", "403③"}},
		{"stranger", "member", [6]string{"401", "401", "401", "401", "401", "401"}}, {"stranger", "owner", [6]string{"401", "401", "401", "401", "401", "401"}},
	} {
		for _, level := range []domain.AccessLevel{domain.Public, domain.Restricted} {
			w := newWorld(t)
			jane, boss, tess := w.user("jane"), w.user("boss"), w.user("tess")
			b := w.as(jane)
			if test.caller == "stranger" {
				b = w.stranger()
			}
			for step := range 6 {
				for _, method := range []string{"PUT", "PATCH"} {
					creator := boss
					if test.target == "last" {
						creator = jane
					}
					r := w.room(fmt.Sprintf("room %d %s", step, method), creator, roomsLevel(level))
					var target domain.ResourceAccess
					if role, ok := domain.ParseRole(test.caller); ok && test.target != "last" {
						target = w.grant(r, jane, role)
					}
					if role, ok := domain.ParseRole(test.target); ok {
						target = w.grant(r, tess, role)
					} else if test.target == "last" {
						list, _ := w.accesses.List(t.Context(), jane.ID, domain.Page{Size: 1, Number: 1})
						target = list.Items[0]
					}
					body := map[string]any{"role": []string{"", "member", "administrator", "owner"}[step%4]}
					if step == 4 {
						delete(body, "role")
					}
					if method == "PUT" {
						body["user"], body["resource"] = target.UserID, target.ResourceID
					}
					var a answer
					switch step {
					case 0:
						a = b.get(accessesPath(target.ID))
					case 5:
						a = b.delete(accessesPath(target.ID))
					default:
						a = b.send(method, accessesPath(target.ID), body)
					}
					accessesExpect(a, test.want[step])
					want := target
					if role, sent := body["role"].(string); sent && step > 0 && a.status == 200 {
						want.Role = domain.Role(role)
					}
					if a.status == 200 {
						a.is(200, accessesBody(want))
					}
					if a.status == 204 {
						want = domain.ResourceAccess{}
					}
					now := accessesNow(w, target)
					if now.UpdatedAt = want.UpdatedAt; now != want {
						t.Errorf("%q on %s, step %d: stored %+v, want %+v", test.caller, test.target, step, now, want)
					}
					if t.Failed() {
						t.Fatalf("%q on %s, step %d, %s", test.caller, test.target, step, method)
					}
				}
			}
		}
	}
}

func TestWhoMayGrantWhichRole(t *testing.T) {
	t.Parallel()
	for caller, want := range map[string][4]string{ // member, administrator, owner, none sent
		"stranger": {"401", "401", "401", "401"}, "": {"403①", "403①", "403①", "403①"}, "member": {"403①", "403①", "403①", "403①"},
		"administrator": {"201", "201", "403②", "201"}, "owner": {"201", "201", "201", "201"},
	} {
		for i, role := range []string{"member", "administrator", "owner", ""} {
			w := newWorld(t)
			jane, tess, boss := w.user("jane"), w.user("tess"), w.user("boss")
			r := w.room("room", boss)
			b := w.as(jane)
			if known, ok := domain.ParseRole(caller); ok {
				w.grant(r, jane, known)
			} else if caller == "stranger" {
				b = w.stranger()
			}
			before := roomsState(b, boss)
			body := form{"user": tess.ID.String(), "resource": r.ID.String(), "id": roomsUUID}
			if role != "" {
				body["role"] = role
			}
			a := b.post("/resource-accesses/", body)
			accessesExpect(a, want[i])
			if a.status != 201 {
				if after := roomsState(b, boss); after != before {
					t.Errorf("%q granted %q", caller, role)
				}
				continue
			}
			id, _ := roomsAt(a, "id").(string)
			granted := domain.ResourceAccess{ID: uuid.MustParse(id), UserID: tess.ID, ResourceID: r.ID, Role: domain.Role(role)}
			if role == "" {
				granted.Role = domain.Member
			}
			a.is(201, accessesBody(granted))
			w.as(boss).get("/resource-accesses/"+id+"/").is(200, accessesBody(granted))
			if id == roomsUUID {
				t.Errorf("the id was taken from the body")
			}
		}
	}
}

func TestAccessesAreListedToWhoAdministersTheirRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane, boss := w.user("jane"), w.user("boss")
	b, empty := w.as(jane), `{"count":0,"next":null,"previous":null,"results":[]}`
	w.stranger().get("/resource-accesses/").is(401, noSession)
	w.room("public", boss)
	w.grant(w.room("as member", boss, roomsLevel(domain.Restricted)), jane, domain.Member)
	b.get("/resource-accesses/").is(200, empty)
	b.get("/resource-accesses/?page=2").is(404, roomsBadPage)
	var newest []string
	for _, role := range []domain.Role{domain.Administrator, domain.Owner} {
		r := w.room("as "+string(role), boss, roomsLevel(domain.Restricted))
		newest = append([]string{accessesBody(w.grant(r, jane, role))}, newest...)
		for _, name := range []string{"tim", "tom", "tam"} {
			newest = append([]string{accessesBody(w.grant(r, w.user(name+string(role)), domain.Member))}, newest...)
		}
	}
	a := b.get("/resource-accesses/")
	roomsHas(a, 200, map[string]any{"count": 10.0, "next": nil, "previous": nil})
	if want := `"results":[` + strings.Join(newest[:4], ",") + `,`; !strings.Contains(a.body, want) {
		t.Errorf("got %s, want %s", a.body, want)
	}
}

func TestAccessesComeInPagesOfTwenty(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user("jane")
	r := w.room("room", jane)
	for i := range 40 {
		w.grant(r, w.user(fmt.Sprint("user", i)), domain.Member)
	}
	b, at := w.as(jane), "http://"+host+api+"/resource-accesses/"
	for query, want := range map[string]struct {
		items          int
		next, previous any
	}{
		"": {20, at + "?page=2", nil}, "?page=2": {20, at + "?page=3", at}, "?page=3": {1, nil, at + "?page=2"}, "?page=last": {1, nil, at + "?page=2"},
		"?page_size=2": {20, at + "?page=2&page_size=2", nil}, "?z=1&page=2&a=+": {20, at + "?a=+&page=3&z=1", at + "?a=+&z=1"},
	} {
		a := b.get("/resource-accesses/" + query)
		roomsHas(a, 200, map[string]any{"count": 41.0, "next": want.next, "previous": want.previous})
		if items, _ := roomsAt(a, "results").([]any); len(items) != want.items {
			t.Errorf("%s has %d items, want %d", query, len(items), want.items)
		}
	}
	for _, page := range []string{"4", "0", "-1", "x", "1.0"} {
		b.get("/resource-accesses/?page="+page).is(404, roomsBadPage)
	}
}
