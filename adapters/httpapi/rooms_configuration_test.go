package httpapi_test

import (
	"strings"
	"testing"

	"meet/domain"
)

func TestAValidConfigurationIsStoredWithItsBooleansConverted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss := w.user("boss")
	b := w.as(boss)
	tests := map[string]string{}
	for _, same := range []string{
		`{"can_publish_sources":["camera","screen_share"]}`, `{"can_publish_sources":[]}`, `{"can_publish_sources":null}`,
		`{"can_publish_sources":["camera","microphone","screen_share","screen_share_audio"]}`, `{"everyone_can_mute":null}`,
		`{"can_publish_sources":["camera","camera"]}`, `{"can_publish_sources":null,"everyone_can_mute":true}`,
		`{"can_publish_sources":null,"everyone_can_mute":false}`, `{"can_publish_sources":null,"everyone_can_mute":null}`,
	} {
		tests[same] = same
	}
	for spelling := range strings.FieldsSeq(`true 1 1.0 1e0 "1" "on" "t" "true" "TRUE" "y" "Yes"`) {
		tests[`{"can_publish_sources":null,"everyone_can_mute":`+spelling+`}`] = `{"can_publish_sources":null,"everyone_can_mute":true}`
	}
	for spelling := range strings.FieldsSeq(`false 0 0.0 -0.0 "0" "off" "OFF" "f" "False" "n" "no"`) {
		tests[`{"everyone_can_mute":"yes","everyone_can_mute":`+spelling+`}`] = `{"everyone_can_mute":false}`
	}
	i := 0
	for sent, want := range tests {
		i++
		name := "room " + strings.Repeat("i", i)
		r := w.room(name, boss, roomsConfig(domain.RoomConfiguration{"everyone_can_mute": "old"}))
		for _, a := range []answer{
			b.patch(roomsPath(name), `{"configuration":`+sent+`}`), b.get(roomsPath(r.ID.String())),
			b.post("/rooms/", `{"name":"made `+name+`","configuration":`+sent+`}`),
		} {
			a.body = a.body[strings.Index(a.body, `"configuration":`)+16 : strings.Index(a.body, `,"access_level"`)]
			roomsLike(a, a.status, want)
			if a.status > 201 {
				t.Errorf("%s: %d", sent, a.status)
			}
		}
		if len(w.meeting.Published) != i {
			t.Errorf("%s: told %d times", sent, len(w.meeting.Published))
		}
	}
}

// roomsConfigError is one entry of a refused configuration.
func roomsConfigError(kind, loc, text, input string) string {
	ctx := ""
	switch kind {
	case "literal_error":
		ctx = `"ctx":{"expected":"'camera', 'microphone', 'screen_share' or 'screen_share_audio'"},`
	case "model_type":
		ctx = `"ctx":{"class_name":"RoomConfiguration"},`
	}
	return `{"type":"` + kind + `","loc":[` + loc + `],"msg":"` + text + `","input":` + input + `,` + ctx +
		`"url":"https://errors.pydantic.dev/2.13/v/` + kind + `"}`
}

func TestAnInvalidConfigurationIsRefusedWithAllItsErrors(t *testing.T) {
	t.Parallel()
	const mute, sources = `"everyone_can_mute"`, `"can_publish_sources"`
	unread := func(input string) string {
		return roomsConfigError("bool_parsing", mute, "Input should be a valid boolean, unable to interpret input", input)
	}
	noBool := func(input string) string {
		return roomsConfigError("bool_type", mute, "Input should be a valid boolean", input)
	}
	extra := func(key, input string) string {
		return roomsConfigError("extra_forbidden", key, "Extra inputs are not permitted", input)
	}
	item := func(index, input string) string {
		return roomsConfigError("literal_error", sources+`,"`+index+`"`,
			"Input should be 'camera', 'microphone', 'screen_share' or 'screen_share_audio'", input)
	}
	noList := func(input string) string {
		return roomsConfigError("list_type", sources, "Input should be a valid list", input)
	}
	whole := func(input string) string {
		return roomsConfigError("model_type", "", "Input should be a valid dictionary or instance of RoomConfiguration", input)
	}
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	w := newWorld(t)
	boss := w.user("boss")
	w.room("room", boss, roomsConfig(domain.RoomConfiguration{"everyone_can_mute": true}))
	b := w.as(boss)
	before := roomsState(b, boss)
	for sent, want := range map[string]string{
		`{"everyone_can_mute":"test"}`: unread(`"test"`), `{"everyone_can_mute":""}`: unread(`""`), `{"everyone_can_mute":" yes"}`: unread(`" yes"`),
		`{"everyone_can_mute":2}`: unread(`"2"`), `{"everyone_can_mute":-1}`: unread(`"-1"`), `{"everyone_can_mute":2.0}`: unread(`"2.0"`),
		`{"everyone_can_mute":9223372036854775807}`: unread(`"9223372036854775807"`),
		`{"everyone_can_mute":9223372036854775808}`: noBool(`"9223372036854775808"`),
		`{"everyone_can_mute":1.5}`:                 noBool(`"1.5"`), `{"everyone_can_mute":[]}`: noBool(`[]`), `{"everyone_can_mute":{}}`: noBool(`{}`),
		`{"everyone_can_mute":{"a":[null,true,{"b":1.5}]}}`: noBool(`{"a":["None","True",{"b":"1.5"}]}`),
		`{"can_publish_sources":["CAMERA"]}`:                item("0", `"CAMERA"`), `{"can_publish_sources":["camera","invalid_source"]}`: item("1", `"invalid_source"`),
		`{"can_publish_sources":["camera ",null,true,5,["camera"],{}]}`: item("0", `"camera "`) + "," + item("1", `"None"`) + "," + item("2", `"True"`) + "," +
			item("3", `"5"`) + "," + item("4", `["camera"]`) + "," + item("5", `{}`),
		`{"can_publish_sources":"camera"}`: noList(`"camera"`), `{"can_publish_sources":{}}`: noList(`{}`), `{"can_publish_sources":false}`: noList(`"False"`),
		`{"k":1}`: extra(`"k"`, `"1"`), `{"__proto__":{}}`: extra(`"__proto__"`, `{}`), `{"Everyone_can_mute":true}`: extra(`"Everyone_can_mute"`, `"True"`),
		`{"a.b/c":null}`: extra(`"a.b/c"`, `"None"`), `{"":[]}`: extra(`""`, `[]`), `{"k\u0000":"\u0000"}`: extra(`"k\u0000"`, `"\u0000"`),
		`{"a":1,"everyone_can_mute":"x","b":2,"can_publish_sources":["y"]}`: item("0", `"y"`) + "," + unread(`"x"`) + "," + extra(`"a"`, `"1"`) + "," + extra(`"b"`, `"2"`),
		`[]`: whole(`[]`), `"x"`: whole(`"x"`), `5`: whole(`"5"`), `false`: whole(`"False"`), `""`: whole(`""`), `[{"everyone_can_mute":true}]`: whole(`[{"everyone_can_mute":"True"}]`),
		deep: whole(deep), `{"can_publish_sources":[` + deep + `]}`: item("0", deep), `{"k":` + deep + `}`: extra(`"k"`, deep),
	} {
		body := `{"name":"new","configuration":` + sent + `}`
		for _, a := range []answer{b.post("/rooms/", body), b.put("/rooms/room/", body), b.patch("/rooms/room/", body)} {
			roomsLike(a, 400, `{"configuration":[`+want+`]}`)
		}
	}
	for _, a := range []answer{b.post("/rooms/", `{"name":"new","configuration":null}`), b.patch("/rooms/room/", `{"configuration":null}`)} {
		a.is(400, `{"configuration":["This field may not be null."]}`)
	}
	if after := roomsState(b, boss); after != before || len(w.meeting.Published) > 0 {
		t.Errorf("changed from %s to %s", before, after)
	}
}

func TestErrorsOfAConfigurationKeepTheirOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.as(w.user("jane")).post("/rooms/", `{"name":"x","configuration":{"everyone_can_mute":[5],"can_publish_sources":["<CAMERA>"]}}`).is(400,
		`{"configuration":[`+roomsConfigError("literal_error", `"can_publish_sources","0"`,
			"Input should be 'camera', 'microphone', 'screen_share' or 'screen_share_audio'", `"<CAMERA>"`)+`,`+
			roomsConfigError("bool_type", `"everyone_can_mute"`, "Input should be a valid boolean", `["5"]`)+`]}`)
}

func TestOldConfigurationsAreReadLeniently(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss := w.user("boss")
	w.room("room", boss, roomsConfig(domain.RoomConfiguration{"the_key": "the_value", "can_publish_sources": 5.0, "everyone_can_mute": "yes"}))
	roomsHas(w.as(boss).get("/rooms/room/"), 200, map[string]any{"configuration.the_key": "the_value"})
	roomsHas(w.as(boss).patch("/rooms/room/", `{"name":"renamed"}`), 200, map[string]any{"configuration.the_key": "the_value", "slug": "renamed"})
	if len(w.meeting.Published) > 0 {
		t.Errorf("told %v", w.meeting.Published)
	}
}
