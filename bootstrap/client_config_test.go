package bootstrap_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"meet/bootstrap"
)

// notThere are keys of features that this server has not: they say so whatever
// the variables are.
var notThere = map[string]string{"recording.is_enabled": "false", "background_image.upload_is_enabled": "false"}

// turned are a value of each key's variable that is not the default, and what
// clients then learn.
var turned = map[string]struct{ name, value, want string }{
	"LANGUAGE_CODE":                             {"DJANGO_LANGUAGE_CODE", "fr-fr", `"fr-fr"`},
	"recording.is_enabled":                      {"RECORDING_ENABLE", "true", "false"},
	"recording.available_modes":                 {"RECORDING_WORKER_CLASSES", `{"transcript":"x"}`, `["transcript"]`},
	"recording.expiration_days":                 {"RECORDING_EXPIRATION_DAYS", "7", "7"},
	"recording.max_duration":                    {"RECORDING_MAX_DURATION", "9000", "9000"},
	"background_image.upload_is_enabled":        {"FILE_UPLOAD_ENABLED", "true", "false"},
	"background_image.max_count_by_user":        {"FILE_UPLOAD_RESTRICTIONS", restrictions, "3"},
	"background_image.max_size":                 {"FILE_UPLOAD_RESTRICTIONS", restrictions, "4"},
	"background_image.allowed_extensions":       {"FILE_UPLOAD_RESTRICTIONS", restrictions, `[".gif"]`},
	"background_image.allowed_mimetypes":        {"FILE_UPLOAD_RESTRICTIONS", restrictions, `["image/gif"]`},
	"telephony.enabled":                         {"ROOM_TELEPHONY_ENABLED", "true", "true"},
	"resource.default_access_level":             {"RESOURCE_DEFAULT_ACCESS_LEVEL", "restricted", `"restricted"`},
	"subtitle.enabled":                          {"ROOM_SUBTITLE_ENABLED", "true", "true"},
	"diagnostics.connection_test_enabled":       {"CONNECTION_TEST_ENABLED", "true", "true"},
	"livekit.url":                               {"LIVEKIT_API_URL", "https://other.example", `"https://other.example"`},
	"livekit.force_wss_protocol":                {"LIVEKIT_FORCE_WSS_PROTOCOL", "true", "true"},
	"livekit.enable_firefox_proxy_workaround":   {"LIVEKIT_ENABLE_FIREFOX_PROXY_WORKAROUND", "true", "true"},
	"livekit.default_sources":                   {"LIVEKIT_DEFAULT_SOURCES", "camera", `["camera"]`},
	"authenticated_users_can_edit_display_name": {"AUTHENTICATED_PARTICIPANTS_CAN_EDIT_DISPLAY_NAME", "false", "false"},
	"custom_css_url":                            {"FRONTEND_CUSTOM_CSS_URL", "/x.css", `"/x.css"`},
	"analytics":                                 {"FRONTEND_ANALYTICS", `{"id":"x"}`, `{"id":"x"}`},
	"support":                                   {"FRONTEND_SUPPORT", `{"id":"x"}`, `{"id":"x"}`},
	"silence_livekit_debug_logs":                {"FRONTEND_SILENCE_LIVEKIT_DEBUG", "true", "true"},
	"is_silent_login_enabled":                   {"FRONTEND_IS_SILENT_LOGIN_ENABLED", "false", "false"},
	"idle_disconnect_warning_delay":             {"FRONTEND_IDLE_DISCONNECT_WARNING_DELAY", "5", "5"},
	"feedback":                                  {"FRONTEND_FEEDBACK", `{"url":"x"}`, `{"url":"x"}`},
	"documentation_url":                         {"FRONTEND_DOCUMENTATION_URL", "https://d", `"https://d"`},
	"external_home_url":                         {"FRONTEND_EXTERNAL_HOME_URL", "https://e", `"https://e"`},
	"use_french_gov_footer":                     {"FRONTEND_USE_FRENCH_GOV_FOOTER", "true", "true"},
	"use_proconnect_button":                     {"FRONTEND_USE_PROCONNECT_BUTTON", "true", "true"},
	"manifest_link":                             {"FRONTEND_MANIFEST_LINK", "https://m", `"https://m"`},
	"transcription_destination":                 {"FRONTEND_TRANSCRIPTION_DESTINATION", "https://t", `"https://t"`},
	"max_participants_for_sound":                {"FRONTEND_MAX_PARTICIPANTS_FOR_SOUND", "6", "6"},
	"auto_mute_on_join_threshold":               {"FRONTEND_AUTO_MUTE_ON_JOIN_THRESHOLD", "7", "7"},
}

const restrictions = `{"background_image":{"max_count_by_user":3,"max_size":4,"allowed_extensions":[".gif"],"allowed_mimetypes":["image/gif"]}}`

// leaves are the keys of the client's configuration, with their values.
func leaves(t *testing.T, env map[string]string) map[string]string {
	t.Helper()
	config, problems := bootstrap.Load(env)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	text, err := json.Marshal(config.HTTP.Client)
	if err != nil {
		t.Fatal(err)
	}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(text, &top); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for name, value := range top {
		var inner map[string]json.RawMessage
		if json.Unmarshal(value, &inner) != nil || slices.Contains([]string{"analytics", "support", "feedback"}, name) || bytes.Equal(value, []byte("null")) {
			all[name] = string(value)
			continue
		}
		for key, value := range inner {
			all[name+"."+key] = string(value)
		}
	}
	return all
}

// TestClientsLearnWhatTheServerDoes turns every variable that clients are told
// about.
func TestClientsLearnWhatTheServerDoes(t *testing.T) {
	t.Parallel()
	telephone := map[string]string{"ROOM_TELEPHONY_PHONE_NUMBER": "+33123456789"}
	before := leaves(t, with(minimal(), telephone))
	if diff := fmt.Sprint(slices.Sorted(maps.Keys(before))); diff != fmt.Sprint(slices.Sorted(maps.Keys(turned))) {
		t.Fatalf("the keys are %s,\nthose that are tested %s", diff, slices.Sorted(maps.Keys(turned)))
	}
	for key, change := range turned {
		after := leaves(t, with(minimal(), with(telephone, map[string]string{change.name: change.value})))
		if after[key] != change.want {
			t.Errorf("%s=%s: %s is %s, want %s", change.name, change.value, key, after[key], change.want)
		}
		if _, missing := notThere[key]; !missing && before[key] == change.want {
			t.Errorf("%s is %s by default: the test turns nothing", key, change.want)
		}
	}
}

// TestWhatIsToldIsWhatIsServed compares the switches of clients with those of
// the endpoints.
func TestWhatIsToldIsWhatIsServed(t *testing.T) {
	t.Parallel()
	for _, env := range []map[string]string{
		{}, {"ROOM_SUBTITLE_ENABLED": "true"}, {"ROOM_SUBTITLE_ENABLED": "true", "ROOM_SUBTITLE_AGENT_NAME": ""}, {"CONNECTION_TEST_ENABLED": "true"},
		{"DJANGO_CONFIGURATION": "Test"},
	} {
		config, _ := bootstrap.Load(with(minimal(), env))
		if told := config.HTTP.Client; told.Subtitle.Enabled != (config.HTTP.SubtitleAgent != "") || told.Diagnostics.ConnectionTestEnabled != config.HTTP.ConnectionTest {
			t.Errorf("%v: told %+v", env, told)
		}
	}
}

func TestUnsetProxiesAreWarnedOfInProduction(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env     map[string]string
		one     bool
		warning int
	}{
		"unset": {nil, true, 1}, "set": {map[string]string{"TRUSTED_PROXIES": "10.0.0.0/8"}, false, 0},
		"development": {map[string]string{"DJANGO_CONFIGURATION": "Development"}, true, 0},
	} {
		config, _ := bootstrap.Load(with(minimal(), c.env))
		count := strings.Count(strings.Join(config.Warnings, "\n"), "TRUSTED_PROXIES")
		if config.HTTP.OneProxy != c.one || count != c.warning {
			t.Errorf("%s: one %v, warnings %v", name, config.HTTP.OneProxy, config.Warnings)
		}
	}
}
