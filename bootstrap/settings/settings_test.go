package settings_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meet/bootstrap/settings"
)

func reader(env map[string]string) *settings.Reader {
	return settings.NewReader(func(name string) (string, bool) {
		value, set := env[name]
		return value, set
	})
}

func TestBooleans(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"true": true, " TRUE ": true, "1": true, "yes": true, "y": true, "on": true, "t": true, "false": false, "0": false, "no": false, "n": false,
		"": false, "off": false, "F": false,
	} {
		read := reader(map[string]string{"OIDC_USE_PKCE": text})
		if got := read.Bool("OIDC_USE_PKCE"); got != want || len(read.Problems()) != 0 {
			t.Errorf("%q: %v %v", text, got, read.Problems())
		}
	}
	read := reader(map[string]string{"OIDC_USE_PKCE": "2"})
	read.Bool("OIDC_USE_PKCE")
	if diff := cmp.Diff([]string{"OIDC_USE_PKCE: Cannot interpret boolean value '2'"}, read.Problems()); diff != "" {
		t.Error(diff)
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"5": 5, " 7 ": 7, "+3": 3, "1_000": 1000} {
		read := reader(map[string]string{"OIDC_TIMEOUT": text})
		if got := read.Seconds("OIDC_TIMEOUT", 0); got != time.Duration(want)*time.Second || len(read.Problems()) != 0 {
			t.Errorf("%q: %v %v", text, got, read.Problems())
		}
	}
	for _, text := range []string{"", "5.0", "0x10", "-1", "1__0", "_1", "1_", "99999999999999999999"} {
		read := reader(map[string]string{"SESSION_COOKIE_AGE": text})
		read.Int("SESSION_COOKIE_AGE", 0)
		if diff := cmp.Diff([]string{"SESSION_COOKIE_AGE: Cannot interpret value '" + text + "'"}, read.Problems()); diff != "" {
			t.Error(diff)
		}
	}
}

func TestListsPairsAndRates(t *testing.T) {
	t.Parallel()
	read := reader(map[string]string{
		"DJANGO_ALLOWED_HOSTS": " a, b,,c ", "OIDC_REDIRECT_ALLOWED_HOSTS": `["https://x"]`, "DJANGO_LANGUAGES": "en-us,English; fr-fr , French",
		"CREATION_CALLBACK_THROTTLE_RATES": "150/minute", "REQUEST_ENTRY_THROTTLE_RATES": "5/d",
	})
	if diff := cmp.Diff([]string{"a", "b", "c"}, read.List("DJANGO_ALLOWED_HOSTS")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{`["https://x"]`}, read.List("OIDC_REDIRECT_ALLOWED_HOSTS")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][2]string{{"en-us", "English"}, {"fr-fr", "French"}}, read.Pairs("DJANGO_LANGUAGES")); diff != "" {
		t.Error(diff)
	}
	if limit, period := read.Rate("CREATION_CALLBACK_THROTTLE_RATES"); limit != 150 || period != time.Minute {
		t.Errorf("%d per %v", limit, period)
	}
	if limit, period := read.Rate("REQUEST_ENTRY_THROTTLE_RATES"); limit != 5 || period != 24*time.Hour {
		t.Errorf("%d per %v", limit, period)
	}
	if len(read.Problems()) != 0 {
		t.Error(read.Problems())
	}
	for _, text := range []string{"", "5", "5/", "x/m", "0/m", "-1/s", "5/fortnight"} {
		read := reader(map[string]string{"CREATION_CALLBACK_THROTTLE_RATES": text})
		if read.Rate("CREATION_CALLBACK_THROTTLE_RATES"); len(read.Problems()) != 1 {
			t.Errorf("%q: %v", text, read.Problems())
		}
	}
}

func TestSecretsMayComeFromFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "secret")
	if err := os.WriteFile(path, []byte("from\r\nfile\n\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	read := reader(map[string]string{"DJANGO_SECRET_KEY": "plain", "DJANGO_SECRET_KEY_FILE": path, "LOGIN_REDIRECT_URL_FILE": path})
	if got := read.Text("DJANGO_SECRET_KEY"); got != "from\nfile" {
		t.Errorf("got %q", got)
	}
	if diff := cmp.Diff([]string{"DJANGO_SECRET_KEY_FILE has white space (such as a line end) around its value, which is taken off"}, read.Warned()); diff != "" {
		t.Error(diff)
	}
	if got := read.Text("LOGIN_REDIRECT_URL"); got != "/" {
		t.Errorf("what is no secret came from a file: %q", got)
	}
	for _, missing := range []string{"", filepath.Join(dir, "nothing"), dir} {
		read := reader(map[string]string{"LIVEKIT_API_SECRET_FILE": missing})
		if read.Text("LIVEKIT_API_SECRET"); len(read.Problems()) != 1 || !strings.HasPrefix(read.Problems()[0], "LIVEKIT_API_SECRET_FILE: names a file that") {
			t.Errorf("%q: %v", missing, read.Problems())
		}
	}
}

func TestLiterals(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]any{
		`{'acr_values': 'eidas1'}`: map[string]any{"acr_values": "eidas1"}, `{"a": true, "b": null, "c": false}`: map[string]any{"a": true, "b": nil, "c": false},
		`{'a': True, 'b': None, 'c': (1, -2.5, [u'x', r'\n', '''y'z'''],),}`: map[string]any{"a": true, "b": nil, "c": []any{1, -2.5, []any{"x", `\n`, "y'z"}}},
		"{'a':\n {1, 2}, 3: '\\x41\\u00e9\\U0001F600\\q'}":                   map[string]any{"a": []any{1, 2}, "3": "Aé\U0001F600\\q"}, "{}": map[string]any{}, "[]": []any{},
		`"a\"b\/"`: `a"b/`, "1e3": 1000.0, "()": []any{},
	} {
		got, err := settings.ParseLiteral(text)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: error %v\n%s", text, err, diff)
		}
	}
	for _, text := range []string{"", " ", "{", "{'a'", "{'a':}", "x", "f()", "{'a': x}", "'a", "1 2", "[1 2]", "__import__('os')", "{'a': 1,, }", strings.Repeat("[", 200), "'\\x4'", "'\\ud800'"} {
		if got, err := settings.ParseLiteral(text); err == nil {
			t.Errorf("%q: got %v", text, got)
		}
	}
	read := reader(map[string]string{"FRONTEND_SUPPORT": "[1]"})
	if read.Dict("FRONTEND_SUPPORT"); len(read.Problems()) != 1 {
		t.Error("a list passed for a dictionary")
	}
}

func TestWarningsNameTheRightVariable(t *testing.T) {
	t.Parallel()
	got := settings.Warnings([]string{
		"PATH", "HOME", "DJANGO_SECRET_KEY", "DJANGO_SECRET_KEY_FILE", "OIDC_OP_LOGUOT_ENDPOINT", "CSRF_TRUSTED_ORIGINS", "CELERY_ENABLED",
		"RECORDING_ENABLE", "OIDC_SOMETHING_QUITE_DIFFERENT_FROM_ALL", "LIVEKIT_API_URL_FILE", "LIVEKIT_URL", "ALOW_UNREGISTERED_ROOMS", "GOFLAGS",
	})
	want := []string{
		"ALOW_UNREGISTERED_ROOMS is not known, did you mean ALLOW_UNREGISTERED_ROOMS?",
		"CELERY_ENABLED has no effect: there are no workers, nothing has to be delegated",
		"CSRF_TRUSTED_ORIGINS has no effect, did you mean DJANGO_CSRF_TRUSTED_ORIGINS?",
		"LIVEKIT_API_URL_FILE is not known, only secrets come from files; did you mean LIVEKIT_API_URL?",
		"OIDC_OP_LOGUOT_ENDPOINT is not known, did you mean OIDC_OP_LOGOUT_ENDPOINT?",
		"OIDC_SOMETHING_QUITE_DIFFERENT_FROM_ALL is not known and has no effect",
		"RECORDING_ENABLE is not supported yet and has no effect",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzParseLiteral(f *testing.F) {
	for _, seed := range []string{`{'a': [1, (True,), None]}`, `{"a": "\u00e9"}`, "'''x'''", "{{", "b'\\x00'"} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, text string) { _, _ = settings.ParseLiteral(text) })
}

func FuzzFormats(f *testing.F) {
	for _, seed := range []string{"postgres://u:p@h/n?x=y", "sqlite://x", "5/m", "a,b;c,d", "1_0", "on"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read := reader(map[string]string{
			"DATABASE_URL": text, "CREATION_CALLBACK_THROTTLE_RATES": text, "DJANGO_LANGUAGES": text, "OIDC_TIMEOUT": text, "OIDC_USE_PKCE": text, "FRONTEND_SUPPORT": text,
		})
		if database, _ := read.Database(); database.PostgresURL == "" && database.SQLitePath == "" && len(read.Problems()) == 0 {
			t.Errorf("%q is no database and no mistake", text)
		}
		read.Rate("CREATION_CALLBACK_THROTTLE_RATES")
		read.Pairs("DJANGO_LANGUAGES")
		read.Int("OIDC_TIMEOUT", 0)
		read.Bool("OIDC_USE_PKCE")
		read.Dict("FRONTEND_SUPPORT")
		settings.Warnings([]string{text})
	})
}
