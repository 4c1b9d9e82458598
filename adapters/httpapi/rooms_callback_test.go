package httpapi_test

import (
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"meet/adapters/httpapi"
)

const (
	roomsAsk    = "/rooms/creation-callback/"
	roomsNobody = `{"status":"success","room":{}}`
)

func roomsFound(slug string) string { return `{"status":"success","room":{"slug":"` + slug + `"}}` }

func TestASlugIsHandedOutOnceUnderItsSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("jane"))
	for name, test := range map[string]struct{ sent, asked string }{
		"text":   {`"1234"`, `"1234"`},
		"number": {`99`, `"99"`},
		"both":   {`7`, `7`},
		"true":   {`true`, `"True"`},
		"long":   {`"` + strings.Repeat("x", 4096) + `"`, `"` + strings.Repeat("x", 4096) + `"`},
		"trim":   {`"spaced"`, `"  spaced\n"`},
		"last":   {`"first","callback_id":"second"`, `"first","callback_id":"second"`},
	} {
		b.post("/rooms/", `{"name":"`+name+`","callback_id":`+test.sent+`}`).is(201, "-")
		w.stranger().post(roomsAsk, `{"callback_id":`+test.asked+`}`).is(200, roomsFound(name))
		w.stranger().post(roomsAsk, `{"callback_id":`+test.asked+`}`).is(200, roomsNobody)
	}
	b.post("/rooms/", form{"name": "form", "callback_id": "f"}).is(201, "-")
	b.post(roomsAsk, form{"callback_id": "f"}).is(200, roomsFound("form"))
	b.post("/rooms/", form{"name": "old", "callback_id": "same"}).is(201, "-")
	b.post("/rooms/", form{"name": "new", "callback_id": "same"}).is(201, "-")
	b.post(roomsAsk, form{"callback_id": "same"}).is(200, roomsFound("new"))
	b.post("/rooms/", form{"name": "outer", "callback_id": " outer "}).is(201, "-")
	b.post(roomsAsk, form{"callback_id": " outer "}).is(200, roomsNobody)
}

func TestNoSecretAndAFailedCreationLeaveNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("jane"))
	for i, nothing := range []string{`""`, `0`, `0.0`, `-0`, `false`, `null`, `[]`, `{}`} {
		b.post("/rooms/", `{"name":"room `+string(rune('a'+i))+`","callback_id":`+nothing+`}`).is(201, "-")
		for _, asked := range []string{`"0"`, `"False"`, `"None"`, `"[]"`, `"{}"`, `"null"`, `"false"`, `"0.0"`} {
			w.stranger().post(roomsAsk, `{"callback_id":`+asked+`}`).is(200, roomsNobody)
		}
	}
	b.post("/rooms/", `{"name":"Room a","callback_id":"taken"}`).is(400, roomsSlugTaken)
	b.post(roomsAsk, form{"callback_id": "taken"}).is(200, roomsNobody)
}

func TestAnUnfetchedSlugIsForgotten(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration]string{9 * time.Minute: roomsFound("room"), 10 * time.Minute: roomsNobody} {
		w := newWorld(t)
		b := w.as(w.user("jane"))
		b.post("/rooms/", form{"name": "room", "callback_id": "1"}).is(201, "-")
		w.Forward(wait)
		w.stranger().post(roomsAsk, form{"callback_id": "1"}).is(200, want)
	}
}

func TestOfManyWhoAskAtOnceOneGetsTheSlug(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.as(w.user("jane")).post("/rooms/", form{"name": "room", "callback_id": "1"}).is(201, "-")
	var steps []func() answer
	for range 8 {
		b := w.stranger()
		steps = append(steps, func() answer { return b.post(roomsAsk, form{"callback_id": "1"}) })
	}
	found := 0
	for _, a := range roomsTogether(steps...) {
		if a.body == roomsFound("room") {
			found++
			continue
		}
		a.is(200, roomsNobody)
	}
	if found != 1 {
		t.Errorf("%d got the slug", found)
	}
}

func TestAskingWithoutASecretIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.as(w.user("jane"))
	for body, want := range map[string]string{
		`{}`: `This field is required.`, ``: `This field is required.`, `{"Callback_id":"1"}`: `This field is required.`,
		`{"callback_id":null}`: `This field may not be null.`, `{"callback_id":""}`: `This field may not be blank.`,
		`{"callback_id":" \t "}`: `This field may not be blank.`, `{"callback_id":true}`: `Not a valid string.`,
		`{"callback_id":["1"]}`: `Not a valid string.`, `{"callback_id":{}}`: `Not a valid string.`,
		`{"callback_id":"a\u0000"}`: `Null characters are not allowed.`,
		`{"callback_id":"\udc00"}`:  `Surrogate characters are not allowed: U+DC00.`,
	} {
		for _, b := range []*browser{w.stranger(), jane} {
			b.post(roomsAsk, body).is(400, `{"callback_id":["`+want+`"]}`)
		}
	}
	w.stranger().post(roomsAsk, form{}).is(400, `{"callback_id":["This field is required."]}`)
	w.stranger().get(roomsAsk).is(405, `{"detail":"Method \"GET\" not allowed."}`)
	w.stranger().delete(roomsAsk).is(405, `{"detail":"Method \"DELETE\" not allowed."}`)
}

func TestASignedInBrowserProvesItsOriginBeforeItAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("jane"))
	b.post("/rooms/", form{"name": "room", "callback_id": "1"}).is(201, "-")
	delete(b.header, "X-CSRFToken")
	for _, path := range []string{roomsAsk, "/rooms/"} {
		b.post(path, map[string]any{"name": "x", "callback_id": "1"}).is(403, `{"detail":"CSRF Failed: CSRF token missing."}`)
	}
	w.stranger().post(roomsAsk, form{"callback_id": "1"}).is(200, roomsFound("room"))
}

func TestARoomBehindAnotherAddressIsReachedByID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("jane"))
	a := b.post("/rooms/", form{"name": "Creation callback"})
	roomsHas(a, 201, map[string]any{"slug": "creation-callback"})
	b.get("/rooms/creation-callback/").is(405, `{"detail":"Method \"GET\" not allowed."}`)
	id, _ := roomsAt(a, "id").(string)
	roomsHas(b.get("/rooms/"+id+"/"), 200, map[string]any{"slug": "creation-callback"})
}

func TestStrangersWhoAskTooOftenWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.http.Rates.CreationCallback = httpapi.Rate{Limit: 3, Period: time.Hour} })
	ask := func(from, forwarded string) answer {
		header := http.Header{"Content-Type": {"application/json"}}
		if forwarded != "" {
			header["X-Forwarded-For"] = []string{forwarded}
		}
		return roomsRaw{method: "POST", path: roomsAsk, body: `{"callback_id":"1"}`, header: header, from: from + ":99"}.send(w.stranger())
	}
	refused := func(a answer) {
		t.Helper()
		wait := a.header("Retry-After")
		a.is(429, `{"detail":"Request was throttled. Expected available in `+wait+` seconds."}`)
		if !regexp.MustCompile(`^[1-9]\d*$`).MatchString(wait) {
			t.Errorf("Retry-After %q", wait)
		}
	}
	for i, forwarded := range []string{"", "1.1.1.1", "2.2.2.2"} { // nobody believes a stranger's header
		if a := ask("192.0.2.7", forwarded); a.status != 200 {
			t.Errorf("request %d: %d %s", i, a.status, a.body)
		}
	}
	refused(ask("192.0.2.7", ""))
	refused(ask("192.0.2.7", "3.3.3.3"))
	refused(ask("10.0.0.1", "9.9.9.9, 192.0.2.7"))
	refused(ask("10.0.0.1", " 192.0.2.7,10.2.2.2"))
	ask("192.0.2.8", "").is(200, roomsNobody)
	ask("10.0.0.1", "192.0.2.7, 192.0.2.9").is(200, roomsNobody)
	if len(w.Warnings) != 4 || !strings.Contains(w.Warnings[0], "creation_callback") {
		t.Errorf("warnings %v", w.Warnings)
	}
	roomsRaw{method: "POST", path: roomsAsk, body: `x`, header: roomsType("text/plain"), from: "192.0.2.7:1"}.send(w.stranger()).is(429, "-")
	roomsRaw{method: "GET", path: roomsAsk, from: "192.0.2.7:1"}.send(w.stranger()).is(429, "-")
	jane := w.as(w.user("jane"))
	for range 5 {
		roomsRaw{method: "POST", path: roomsAsk, body: `{"callback_id":"1"}`, header: roomsType("application/json"), from: "192.0.2.7:1"}.
			send(jane).is(200, roomsNobody)
	}
}

func TestTheWaitIsTheTimeUntilTheNextRequestFits(t *testing.T) {
	t.Parallel()
	for limit, unit := range map[int]time.Duration{1: time.Hour, 3: 2 * time.Hour, 600: time.Hour} {
		w := newWorld(t, func(s *setup) {
			s.http.Rates.CreationCallback = httpapi.Rate{Limit: limit, Period: unit}
			s.http.TrustedProxies = []netip.Prefix{}
		})
		for range limit {
			w.stranger().post(roomsAsk, form{"callback_id": "1"}).is(200, roomsNobody)
		}
		a, fits := w.stranger().post(roomsAsk, form{"callback_id": "1"}), unit/time.Duration(limit)
		a.is(429, "-")
		if wait, err := time.ParseDuration(a.header("Retry-After") + "s"); err != nil || wait < fits-10*time.Second || wait > fits {
			t.Errorf("limit %d: wait %v, want about %v", limit, wait, fits)
		}
	}
}
