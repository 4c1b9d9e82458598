package httpapi_test

import (
	"reflect"
	"strings"
	"testing"

	"meet/domain"
)

// update asks to change bob.
func (s *meetingScene) update(b *browser, fields map[string]any) answer {
	s.t.Helper()
	body := map[string]any{"participant_identity": "bob"}
	for name, value := range fields {
		body[name] = value
	}
	return b.post(s.path+"update-participant/", body)
}

func TestMeetingWhatIsGivenChangesAndNothingElse(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.join("bob")
	boss := s.as(s.owner)
	for _, test := range []struct {
		fields map[string]any
		want   domain.ParticipantChange
	}{
		{map[string]any{"name": "Bob"}, domain.ParticipantChange{Name: "Bob"}},
		{map[string]any{"name": " Bob "}, domain.ParticipantChange{Name: "Bob"}},
		{map[string]any{"name": strings.Repeat("é", 128)}, domain.ParticipantChange{Name: strings.Repeat("é", 128)}},
		{map[string]any{"metadata": map[string]any{}}, domain.ParticipantChange{Metadata: new("{}")}},
		{map[string]any{"metadata": map[string]any{"a": 1}, "name": nil}, domain.ParticipantChange{Metadata: new(`{"a":1}`)}},
		{map[string]any{"attributes": map[string]any{"handRaisedAt": "", "a": "b"}}, domain.ParticipantChange{Attributes: map[string]string{"handRaisedAt": "", "a": "b"}}},
		{map[string]any{"attributes": map[string]any{}, "metadata": nil, "permission": nil}, domain.ParticipantChange{}},
		{map[string]any{"name": "", "permission": map[string]any{}}, domain.ParticipantChange{Permission: &domain.PermissionChange{}}},
		{
			map[string]any{"name": "Bob", "metadata": map[string]any{"x": "y"}, "attributes": map[string]any{"a": "b"}, "permission": map[string]any{"can_publish": false}},
			domain.ParticipantChange{
				Name: "Bob", Metadata: new(`{"x":"y"}`), Attributes: map[string]string{"a": "b"}, Permission: &domain.PermissionChange{CanPublish: new(false)},
			},
		},
	} {
		s.meeting.Changes, s.meeting.Calls = nil, nil
		s.update(boss, test.fields).is(200, meetingDone)
		if len(s.meeting.Changes) != 1 || !reflect.DeepEqual(s.meeting.Changes[0], test.want) || s.called("change bob") != 1 || len(s.meeting.Said()) != 1 {
			t.Errorf("%v: changes %+v, called %v", test.fields, s.meeting.Changes, s.meeting.Said())
		}
	}
}

func TestMeetingABlankNameChangesNothing(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.join("bob")
	s.update(s.as(s.owner), map[string]any{"name": "  ", "attributes": map[string]any{"a": "b"}}).is(200, meetingDone)
	if len(s.meeting.Changes) != 1 || s.meeting.Changes[0].Name != "" {
		t.Errorf("changes %+v", s.meeting.Changes)
	}
}

func TestMeetingAChangeMayBeAMultipartForm(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.join("bob")
	s.as(s.owner).post(s.path+"update-participant/", form{
		"participant_identity": "bob", "name": "Bob", "attributes.a": "b", "permission": `{"can_publish": true}`,
	}).is(200, meetingDone)
	want := domain.ParticipantChange{Name: "Bob", Attributes: map[string]string{"a": "b"}, Permission: &domain.PermissionChange{CanPublish: new(true)}}
	if len(s.meeting.Changes) != 1 || !reflect.DeepEqual(s.meeting.Changes[0], want) {
		t.Errorf("changes %+v", s.meeting.Changes)
	}
}

func TestMeetingAChangeOfNothingIsRefused(t *testing.T) {
	t.Parallel()
	const nothing = `{"non_field_errors":["At least one of the following fields must be provided: metadata, attributes, permission, name."]}`
	s := newMeeting(t, domain.Public)
	s.join("bob")
	boss := s.as(s.owner)
	for _, fields := range []map[string]any{
		{}, {"name": nil}, {"name": ""}, {"name": "", "metadata": nil, "attributes": nil, "permission": nil}, {"permission": ""}, {"unknown": "x"},
	} {
		s.update(boss, fields).is(400, nothing)
	}
	if got := s.meeting.Said(); len(got) != 0 {
		t.Errorf("called %v", got)
	}
}

func TestMeetingAChangeIsCheckedFieldByField(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.join("bob")
	boss := s.as(s.owner)
	dictionary := func(kind string) string {
		return `["Expected a dictionary of items but got type \"` + kind + `\"."]`
	}
	for body, want := range map[string]string{
		`{"name":"x"}`: `{"participant_identity":["This field is required."]}`,
		`{"participant_identity":["bob"],"name":"x"}`:                              `{"participant_identity":["Not a valid string."]}`,
		`{"participant_identity":"","name":"x"}`:                                   `{"participant_identity":["This field may not be blank."]}`,
		`{"participant_identity":null,"name":"x"}`:                                 `{"participant_identity":["This field may not be null."]}`,
		`{"participant_identity":"bob","metadata":"x"}`:                            `{"metadata":` + dictionary("str") + `}`,
		`{"participant_identity":"bob","metadata":[1],"attributes":5}`:             `{"metadata":` + dictionary("list") + `,"attributes":` + dictionary("int") + `}`,
		`{"participant_identity":"bob","attributes":"x"}`:                          `{"attributes":` + dictionary("str") + `}`,
		`{"participant_identity":"bob","name":["x"]}`:                              `{"name":["Not a valid string."]}`,
		`{"participant_identity":"bob","name":true}`:                               `{"name":["Not a valid string."]}`,
		`{"participant_identity":"bob","name":"` + strings.Repeat("x", 256) + `"}`: `{"name":["Ensure this field has no more than 255 characters."]}`,
		`{"participant_identity":"bob","name":"a\u0000"}`:                          `{"name":["Null characters are not allowed."]}`,
		`[]`: `{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}`,
	} {
		roomsLike(boss.post(s.path+"update-participant/", body), 400, want)
	}
	for _, value := range []string{"1", "null", "true", `["a"]`, `{"b":"c"}`} {
		a := boss.post(s.path+"update-participant/", `{"participant_identity":"bob","attributes":{"a":`+value+`}}`)
		if a.status != 400 || !strings.HasPrefix(a.body, `{"attributes":`) {
			t.Errorf("%s: %d %s", value, a.status, a.body)
		}
	}
	if got := s.meeting.Said(); len(got) != 0 {
		t.Errorf("called %v", got)
	}
}

func TestMeetingChangingSomebodyWhoIsNotThere(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.update(s.as(s.owner), map[string]any{"name": "Bob"}).is(404, `{"error":"Participant not found"}`)
}

func TestMeetingEachPermissionCanBeSetAlone(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.join("bob")
	boss := s.as(s.owner)
	sources := []string{"camera", "microphone", "screen_share", "screen_share_audio"}
	for _, test := range []struct {
		permission any
		want       domain.PermissionChange
	}{
		{map[string]any{}, domain.PermissionChange{}},
		{map[string]any{"can_subscribe": true}, domain.PermissionChange{CanSubscribe: new(true)}},
		{map[string]any{"can_publish": "yes"}, domain.PermissionChange{CanPublish: new(true)}},
		{map[string]any{"can_publish_data": 0}, domain.PermissionChange{CanPublishData: new(false)}},
		{map[string]any{"can_update_metadata": "off"}, domain.PermissionChange{CanUpdateMetadata: new(false)}},
		{map[string]any{"can_subscribe_metrics": true, "can_publish": nil}, domain.PermissionChange{CanSubscribeMetrics: new(true)}},
		{map[string]any{"can_publish_sources": sources}, domain.PermissionChange{CanPublishSources: sources}},
		{map[string]any{"can_publish_sources": []string{"camera", "camera"}}, domain.PermissionChange{CanPublishSources: []string{"camera"}}},
		{map[string]any{"can_publish_sources": []string{}}, domain.PermissionChange{CanPublishSources: []string{}}},
		{map[string]any{"hidden": nil, "recorder": nil, "agent": nil}, domain.PermissionChange{}},
		{`{"can_subscribe": false}`, domain.PermissionChange{CanSubscribe: new(false)}},
	} {
		s.meeting.Changes = nil
		s.update(boss, map[string]any{"permission": test.permission}).is(200, meetingDone)
		if want := (domain.ParticipantChange{Permission: &test.want}); len(s.meeting.Changes) != 1 || !reflect.DeepEqual(s.meeting.Changes[0], want) {
			t.Errorf("%v: changes %+v", test.permission, s.meeting.Changes)
		}
	}
}

func TestMeetingForbiddenPermissionsAreRefusedWhateverElseIsWrong(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.join("bob")
	boss := s.as(s.owner)
	for permission, names := range map[string]string{
		`{"hidden":true}`: "hidden", `{"hidden":false}`: "hidden", `{"recorder":true}`: "recorder", `{"recorder":false}`: "recorder",
		`{"agent":true}`: "agent", `{"agent":0}`: "agent", `{"agent":true,"hidden":false,"recorder":1}`: "hidden, recorder, agent",
		`{"hidden":"no","unknown":true,"can_publish":"maybe"}`: "hidden", `{"hidden":[]}`: "hidden", `"{\"hidden\":true}"`: "hidden",
		`{"recorder":null,"agent":true,"can_publish_sources":"x"}`: "agent", `{"\u0068idden":true}`: "hidden",
	} {
		want := `{"detail":"Setting the following participant permissions is not allowed: ` + names + `."}`
		boss.post(s.path+"update-participant/", `{"participant_identity":"bob","permission":`+permission+`}`).is(400, want)
		boss.post(s.path+"update-participant/", `{"participant_identity":[],"name":5,"permission":`+permission+`}`).is(400, want)
	}
	for _, body := range []form{{"permission.hidden": "true"}, {"permission": `{"hidden":true}`}} {
		body["participant_identity"] = "bob"
		boss.post(s.path+"update-participant/", body).is(400, `{"detail":"Setting the following participant permissions is not allowed: hidden."}`)
	}
	if got := s.meeting.Said(); len(got) != 0 {
		t.Errorf("called %v", got)
	}
}

func TestMeetingTheInstanceSaysWhatIsForbidden(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public, func(s *setup) { s.http.ForbiddenPermissions = []string{"can_subscribe_metrics"} })
	s.join("bob")
	boss := s.as(s.owner)
	s.update(boss, map[string]any{"permission": map[string]any{"can_subscribe_metrics": false}}).
		is(400, `{"detail":"Setting the following participant permissions is not allowed: can_subscribe_metrics."}`)
	s.update(boss, map[string]any{"permission": map[string]any{"hidden": true}}).is(200, meetingDone)
}

func TestMeetingAWrongPermissionIsExplained(t *testing.T) {
	t.Parallel()
	s := newMeeting(t, domain.Public)
	s.join("bob")
	boss := s.as(s.owner)
	a := s.update(boss, map[string]any{"permission": map[string]any{"invalid-attributes": true}})
	roomsLike(a, 400, `{"permission":[{"type":"extra_forbidden","loc":["invalid-attributes"],"msg":"Extra inputs are not permitted","input":"True",
		"url":"https://errors.pydantic.dev/2.13/v/extra_forbidden"}]}`)
	for permission, want := range map[string]map[string]any{
		`{"x":null}`:                         {"type": "extra_forbidden", "input": "None"},
		`{"can_publish_sources":["CAMERA"]}`: {"type": "literal_error", "loc.0": "can_publish_sources", "loc.1": "0", "ctx.expected": "'camera', 'microphone', 'screen_share' or 'screen_share_audio'"},
		`{"can_publish_sources":"camera"}`:   {"type": "list_type", "msg": "Input should be a valid list"},
		`{"can_publish_sources":null}`:       {"type": "list_type", "input": "None"},
		`{"can_publish":"maybe"}`:            {"type": "bool_parsing", "msg": "Input should be a valid boolean, unable to interpret input"},
		`{"can_publish":[]}`:                 {"type": "bool_type", "msg": "Input should be a valid boolean"},
		`[]`:                                 {"type": "model_type"}, `5`: {"type": "model_type"}, `true`: {"type": "model_type"}, `"{"`: {"type": "json_invalid"}, `"x"`: {"type": "json_invalid"},
		`{"Hidden":true}`: {"type": "extra_forbidden"}, `{"can_publish ":true}`: {"type": "extra_forbidden"},
	} {
		paths := map[string]any{}
		for path, value := range want {
			paths["permission.0."+path] = value
		}
		roomsHas(boss.post(s.path+"update-participant/", `{"participant_identity":"bob","permission":`+permission+`}`), 400, paths)
	}
	if got := s.meeting.Said(); len(got) != 0 {
		t.Errorf("called %v", got)
	}
}
