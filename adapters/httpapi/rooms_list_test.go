package httpapi_test

import (
	"testing"

	"meet/domain"
)

func TestTheListHoldsTheRoomsOfTheCaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane, boss := w.user("jane"), w.user("boss")
	for _, level := range []domain.AccessLevel{domain.Public, domain.Trusted, domain.Restricted} {
		w.room("foreign "+string(level), boss, roomsLevel(level))
	}
	empty := `{"count":0,"next":null,"previous":null,"results":[]}`
	w.stranger().get("/rooms/").is(200, empty)
	w.stranger().get("/rooms/?page=2").is(404, roomsBadPage)
	b := w.as(jane)
	b.get("/rooms/").is(200, empty)
	b.get("/rooms/?page=1&page_size=1").is(200, empty)
	b.get("/rooms/?page=2").is(404, roomsBadPage)
	w.grant(w.room("delta", boss, roomsLevel(domain.Restricted)), jane, domain.Member)
	w.grant(w.room("alpha", boss), jane, domain.Administrator)
	own := w.room("charly", jane, roomsLevel(domain.Restricted))
	w.grant(own, boss, domain.Member)
	a := b.get("/rooms/?username=Zoe")
	roomsHas(a, 200, map[string]any{"count": 3.0, "next": nil, "previous": nil, "results.0.name": "alpha", "results.1.name": "charly",
		"results.2.name": "delta", "results.3": nil, "results.2.accesses": nil, "results.0.accesses.0.role": "administrator",
		"results.1.livekit.room": own.ID.String()})
	for _, path := range []string{"results.0", "results.1", "results.2"} {
		if claims := roomsClaims(t, roomsAt(a, path+".livekit.token")); claims["name"] != "Zoe" {
			t.Errorf("name %v in the token", claims["name"])
		}
	}
}

func TestRoomsArePaged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user("jane")
	for i := range 111 {
		w.room("room "+string(rune('a'+i/11))+string(rune('a'+i%11)), jane)
	}
	b, at := w.as(jane), "http://"+host+api+"/rooms/"
	for query, want := range map[string]struct {
		items          int
		next, previous any
	}{
		"":                                   {20, at + "?page=2", nil},
		"?page=2":                            {20, at + "?page=3", at},
		"?page=6":                            {11, nil, at + "?page=5"},
		"?page=last":                         {11, nil, at + "?page=5"},
		"?page=":                             {20, at + "?page=2", nil},
		"?page=+2+":                          {20, at + "?page=3", at},
		"?page_size=2":                       {2, at + "?page=2&page_size=2", nil},
		"?page_size=2&page=56":               {1, nil, at + "?page=55&page_size=2"},
		"?page_size=2&page=2":                {2, at + "?page=3&page_size=2", at + "?page_size=2"},
		"?page_size=100":                     {100, at + "?page=2&page_size=100", nil},
		"?page_size=1000":                    {100, at + "?page=2&page_size=1000", nil},
		"?page_size=0":                       {20, at + "?page=2&page_size=0", nil},
		"?page_size=-5":                      {20, at + "?page=2&page_size=-5", nil},
		"?page_size=abc":                     {20, at + "?page=2&page_size=abc", nil},
		"?page_size=":                        {20, at + "?page=2&page_size=", nil},
		"?zeta=1&alpha=a+b&username=&page=2": {20, at + "?alpha=a+b&page=3&username=&zeta=1", at + "?alpha=a+b&username=&zeta=1"},
		"?page_size=99999999999999999999999999999999": {20, at + "?page=2&page_size=99999999999999999999999999999999", nil},
	} {
		a := b.get("/rooms/" + query)
		roomsHas(a, 200, map[string]any{"count": 111.0, "next": want.next, "previous": want.previous})
		if items, _ := roomsAt(a, "results").([]any); len(items) != want.items {
			t.Errorf("%s has %d items, want %d", query, len(items), want.items)
		}
	}
	for _, page := range []string{"7", "0", "-1", "abc", "1.5", "99999999999999999999", "Last", "1%00", "2,3"} {
		b.get("/rooms/?page="+page).is(404, roomsBadPage)
	}
}

func TestRoomsAnswerHeadOptionsAndFormats(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.room("room", w.user("boss"))
	b := w.stranger()
	for _, path := range []string{"/rooms/", "/rooms/room/"} {
		b.send("HEAD", path, nil).is(200, "-")
		roomsHas(b.send("OPTIONS", path, nil), 200, map[string]any{"renders.0": "application/json", "parses.1": "multipart/form-data"})
		b.get(path+"?format=json").is(200, "-")
		b.get(path+"?format=xml").is(404, roomsNotFound)
		roomsRaw{method: "GET", path: path, header: map[string][]string{"Accept": {"text/html"}}}.send(b).
			is(406, `{"detail":"Could not satisfy the request Accept header."}`)
	}
	if got := b.get("/rooms/").header("Allow"); got != "GET, POST, HEAD, OPTIONS" {
		t.Errorf("Allow: %s", got)
	}
	if got := b.get("/rooms/room/").header("Allow"); got != "GET, PUT, PATCH, DELETE, HEAD, OPTIONS" {
		t.Errorf("Allow: %s", got)
	}
	b.send("OPTIONS", "/resource-accesses/", nil).is(401, noSession)
	w.as(w.user("jane")).send("OPTIONS", "/resource-accesses/", nil).is(200, "-")
}
