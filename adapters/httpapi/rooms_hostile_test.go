package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"meet/domain"
)

func TestABodyThatIsNoJSONObjectIsRefusedEverywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss, jane := w.user("boss"), w.user("jane")
	r := w.room("room", boss)
	access := w.grant(r, jane, domain.Member)
	b := w.as(boss)
	before := roomsState(b, boss)
	const jsonType, fault = "application/json", `{"detail":"JSON parse error - `
	dictionary := func(kind string) string {
		return `{"non_field_errors":["Invalid data. Expected a dictionary, but got ` + kind + `."]}`
	}
	unsupported := func(kind string) string {
		return `{"detail":"Unsupported media type \"` + kind + `\" in request."}`
	}
	good := `{"name":"hostile","callback_id":"1","role":"member"}`
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, test := range []struct {
		status     int
		kind, body string
		want       string // its beginning
	}{
		{400, jsonType, "{", fault}, {400, jsonType, `{"name":"x",}`, fault}, {400, jsonType, `{'name':'x'}`, fault},
		{400, jsonType, good + good, fault}, {400, jsonType, good + "x", fault}, {400, jsonType, `{"name":"x\`, fault},
		{400, jsonType, `{"name":NaN}`, fault}, {400, jsonType, `{"name":-Infinity}`, fault}, {400, jsonType, `{"name":01}`, fault},
		{400, jsonType, `{"name":"\u12"}`, fault}, {400, jsonType, "{\"name\":\"a\nb\"}", fault}, {400, jsonType, `{"name":"\ud8"}`, fault},
		{400, jsonType, "{\"name\":\"x\xff\"}", fault}, {400, jsonType, "{\"na\xc0\x80me\":1}", fault}, {400, jsonType, "\xef\xbb\xbf" + good, fault},
		{400, jsonType, "\x00", fault}, {400, jsonType, "{\x00\"\x00}\x00", fault}, {400, jsonType, " ", fault}, {400, jsonType, "name=x", fault},
		{400, jsonType, "[]", dictionary("list")}, {400, jsonType, "[" + good + "]", dictionary("list")}, {400, jsonType, `"x"`, dictionary("str")},
		{400, jsonType, "5", dictionary("int")}, {400, jsonType, "1.5", dictionary("float")}, {400, jsonType, "1e400", dictionary("float")},
		{400, jsonType, "true", dictionary("bool")}, {400, jsonType, "null", `{"non_field_errors":["No data provided"]}`},
		{400, jsonType, deep(60), dictionary("list")}, {400, jsonType, deep(70), fault}, {413, jsonType, deep(500_000), `{"detail":"`},
		{400, jsonType, `{"name":[` + strings.Repeat("{},", 1000) + `0]}`, fault}, {400, jsonType, `{"name":` + strings.Repeat("9", 5000) + `}`, fault},
		{415, strings.Repeat("text/plain", 500), good, unsupported(strings.Repeat("text/plain", 10) + "…")},
		{400, jsonType, `{"name":` + strings.Repeat(`{"a":`, 2000), fault},
		{413, jsonType, `{"name":"` + strings.Repeat("x", 3<<20) + `"}`, `{"detail":"`},
		{413, "text/plain", strings.Repeat("x", 3<<20), `{"detail":"`},
		{413, "multipart/form-data; boundary=b", strings.Repeat("x", 3<<20), `{"detail":"`},
		{415, "text/plain", good, unsupported("text/plain")}, {415, "", good, unsupported("")},
		{415, "application/x-www-form-urlencoded", "name=x", unsupported("application/x-www-form-urlencoded")},
		{415, "application/jsonx", good, unsupported("application/jsonx")}, {415, "application/vnd.api+json", good, unsupported("application/vnd.api+json")},
		{415, "text/plain, application/json", good, unsupported("text/plain, application/json")},
		{400, "multipart/form-data", "--b\r\n", `{"detail":"Multipart form parse error - `},
	} {
		for _, call := range [][2]string{
			{"POST", "/rooms/"}, {"POST", roomsAsk}, {"PUT", "/rooms/room/"}, {"PATCH", "/rooms/room/"},
			{"POST", "/resource-accesses/"}, {"PUT", "/resource-accesses/" + access.ID.String() + "/"}, {"PATCH", "/resource-accesses/" + access.ID.String() + "/"},
		} {
			header := roomsType(test.kind)
			if test.kind == "" {
				header = nil
			}
			a := roomsRaw{method: call[0], path: call[1], body: test.body, header: header}.send(b)
			if a.status != test.status || !strings.HasPrefix(a.body, test.want) || a.header("Content-Type") != "application/json" {
				t.Errorf("%v %s %.40q: %d %.300s, want %d %s", call, test.kind, test.body, a.status, a.body, test.status, test.want)
			}
		}
	}
	for _, kinds := range [][]string{{"text/plain", jsonType}, {jsonType, "multipart/form-data; boundary=b"}, {jsonType, "text/plain"}} {
		a := roomsRaw{method: "POST", path: "/rooms/", body: good, header: roomsType(kinds...)}.send(b)
		if a.status != 400 && a.status != 415 {
			t.Errorf("%v: %d %s", kinds, a.status, a.body)
		}
	}
	if after := roomsState(b, boss); after != before {
		t.Errorf("changed from %s to %s", before, after)
	}
}

func TestStrangeSpellingsOfAGoodBodyAreTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("jane"))
	i := 0
	for _, kind := range []string{"application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=UTF-8; x=y"} {
		for _, body := range []string{`{"name":"N"}`, " \r\n{\t\"name\" : \"N\" }\n", `{"name":{},"name":[],"name":"N"}`, `{"\u006eame":"N"}`,
			`{"name":"N","access_level":"x","access_level":"public","configuration":5,"configuration":{}}`,
			`{"name":"N","x":` + strings.Repeat("[", 60) + strings.Repeat("]", 60) + `}`, `{"name":"N","constructor":{"a":null},"user":"` + roomsUUID + `"}`} {
			i++
			name := "room" + strings.Repeat("x", i)
			roomsHas(roomsRaw{method: "POST", path: "/rooms/", body: strings.ReplaceAll(body, `"N"`, `"`+name+`"`), header: roomsType(kind)}.send(b), 201,
				map[string]any{"name": name, "access_level": "public"})
		}
	}
}

func TestAStrangeUsernameOrKeyChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jane := w.user("jane")
	foreign := w.room("foreign", w.user("boss"))
	w.room("own", jane)
	b := w.as(jane)
	before := roomsState(b, jane)
	for _, key := range []string{foreign.ID.String(), strings.ToUpper(foreign.ID.String()), "foreign", "FOREIGN!", "{" + foreign.ID.String() + "}", "own%2F..%2Fforeign", "..%2Fforeign"} {
		for _, method := range []string{"PUT", "PATCH", "DELETE"} {
			a := b.send(method, "/rooms/"+strings.ReplaceAll(strings.ReplaceAll(key, "{", "%7B"), "}", "%7D")+"/", map[string]any{"name": "taken over"})
			if a.status != http.StatusForbidden && a.status != http.StatusNotFound {
				t.Errorf("%s %s: %d %s", method, key, a.status, a.body)
			}
		}
	}
	for _, key := range []string{"%00", "%ff%fe", "own.", "own.xml", "own%2e", strings.Repeat("x", 5000), "%f0%9f%98%80", "*", "%25", "'%20or%201=1--", "%5c", "~"} {
		for _, method := range []string{"PUT", "PATCH", "DELETE"} {
			if a := b.send(method, "/rooms/"+key+"/", map[string]any{"name": "x"}); a.status != http.StatusNotFound {
				t.Errorf("%s %s: %d %s", method, key, a.status, a.body)
			}
		}
	}
	for _, query := range []string{"username=a%00b", "username=%ff", "username=%ed%a0%80"} {
		for _, a := range []answer{b.get("/rooms/?" + query), b.get("/rooms/own/?" + query), b.get("/rooms/temporary/?" + query),
			b.post("/rooms/?"+query, form{"name": "x"}), b.patch("/rooms/own/?"+query, form{"name": "x"})} {
			if a.status != 400 {
				t.Errorf("%s: %d %s", query, a.status, a.body)
			}
		}
	}
	if after := roomsState(b, jane); after != before || w.current(foreign).Name != "foreign" {
		t.Errorf("changed from %s to %s", before, after)
	}
}

func TestAMultipartBodyBecomesAnObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("jane"))
	send := func(parts ...string) answer { return roomsMultipart(b, "POST", "/rooms/", parts...) }
	roomsHas(send("name", "first", "name", " Form room ", "access_level", "restricted", "x.y[0]", "ignored",
		"configuration.can_publish_sources[0]", "camera", "configuration.can_publish_sources[1]", "microphone",
		"configuration.everyone_can_mute", "off"), 201, map[string]any{
		"name": "Form room", "access_level": "restricted",
		"configuration": map[string]any{"can_publish_sources": []any{"camera", "microphone"}, "everyone_can_mute": false},
	})
	roomsHas(send("name", "no sources", "configuration.can_publish_sources[]", ""), 201,
		map[string]any{"configuration": map[string]any{"can_publish_sources": []any{}}})
	roomsHas(send("name", "empty", "configuration.", ""), 201, map[string]any{"configuration": map[string]any{}})
	roomsHas(roomsMultipart(b, "PATCH", "/rooms/form-room/", "configuration.everyone_can_mute", "1"), 200,
		map[string]any{"configuration": map[string]any{"everyone_can_mute": true}, "name": "Form room"})
	roomsHas(roomsMultipart(b, "PUT", "/rooms/form-room/", "name", "12"), 200, map[string]any{"slug": "12"})
	for want, parts := range map[string][]string{
		`{"name":["This field is required."]}`:                                                                            {},
		`{"name":["This field may not be blank."]}`:                                                                       {"name", " "},
		`{"name":["Null characters are not allowed."]}`:                                                                   {"name", "a\x00b"},
		`{"name":["Not a valid string."]}`:                                                                                {"name.x", "y"},
		`{"access_level":["\"\" is not a valid choice."],"name":["Not a valid string."]}`:                                 {"name[0]", "y", "access_level", ""},
		`{"configuration":[` + roomsConfigError("extra_forbidden", `"a"`, "Extra inputs are not permitted", `"1"`) + `]}`: {"name", "z", "configuration.a", "1"},
		`{"configuration":[` + roomsConfigError("model_type", "", "Input should be a valid dictionary or instance of RoomConfiguration", `"{}"`) + `]}`: {"name", "z", "configuration", "{}"},
	} {
		roomsLike(send(parts...), 400, want)
	}
	for _, key := range []string{"a[b]", "a[", "a[0", "a[1]", "a[-1]", "[0]", "a[99999999999999999999]", strings.Repeat("a.", 5000) + "a"} {
		if a := send("name", "key", key, "1"); a.status != 400 {
			t.Errorf("key %.20q: %d %s", key, a.status, a.body)
		}
	}
	many := []string{"name", "many"}
	for range 110 {
		many = append(many, "x", "y")
	}
	if a := send(many...); a.status != 400 {
		t.Errorf("110 parts: %d", a.status)
	}
	roomsHas(b.get("/rooms/"), 200, map[string]any{"count": 3.0})
}

func TestAMultipartBodyHoldsNoFilesAndNoNamesWithBlanks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("jane"))
	file := "--b\r\nContent-Disposition: form-data; name=\"name\"; filename=\"x.txt\"\r\nContent-Type: text/plain\r\n\r\nfile\r\n--b--\r\n"
	for body, want := range map[string]string{file: `{"name":["Not a valid string."]}`, "nothing of it": `{"name":["This field is required."]}`} {
		roomsRaw{method: "POST", path: "/rooms/", body: body, header: roomsType("multipart/form-data; boundary=b")}.send(b).is(400, want)
	}
	a := roomsMultipart(b, "POST", "/rooms/", "name", "key", "a b", "1")
	a.is(400, "-")
	if roomsKeys(a.json()) != "detail" {
		t.Errorf("got %s", a.body)
	}
	roomsHas(b.get("/rooms/"), 200, map[string]any{"count": 0.0})
}
