package settings_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meet/bootstrap/settings"
)

func dotenv(t *testing.T, content string) (map[string]string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := settings.ReadDotenv(path)
	if err != nil && !strings.HasPrefix(err.Error(), path+", ") {
		t.Errorf("no file is named: %v", err)
	}
	return got, err
}

// TestABrokenDotenvTellsTheLineAlone pastes secrets so that no parser can make
// sense of them.
func TestABrokenDotenvTellsTheLineAlone(t *testing.T) {
	t.Parallel()
	const key = "-----BEGIN PRIVATE KEY-----\nhidden+/AAA\nhiddenBBB==\n-----END PRIVATE KEY-----\n"
	for _, c := range []struct{ content, place, name string }{
		{"A=1\nOIDC_RS_PRIVATE_KEY_STR=" + key + "DJANGO_SECRET_KEY=hidden-z\n", "line 3:", "OIDC_RS_PRIVATE_KEY_STR"},
		{"\r\n# of hidden things\r\nexport DB_PASSWORD = hidden-y\r\nhidden-x\r\n", "line 4:", "DB_PASSWORD"},
		{"A=1\nDB_PASSWORD=\"hidden-a\nhidden-b\nB=hidden-c\n", "line 2:", "DB_PASSWORD"},
		{"DB_PASSWORD='hidden-a' hidden-b\n", "line 1:", "DB_PASSWORD"},
		{"DB_PASSWORD=\"-----BEGIN\nhidden-a\n-----END\"\nhidden b c\n", "line 4:", "DB_PASSWORD"},
		{"hidden-a", "line 1:", ""},
		{"hidden", "line 1:", ""},
		{"DB_NAME=1\nhidden", "line 2:", "DB_NAME"},
		{"{\"K\": \"hidden-a\"}", "line 1:", ""},
		{"OIDC_RS_PRIVATE_KEY_STR=-----BEGIN X-----\nhiddenc2VjcmV0==\n-----END X-----\n", "line 3:", "OIDC_RS_PRIVATE_KEY_STR"},
		{"OIDC_RS_PRIVATE_KEY_STR=-----BEGIN X-----\nhiddenc2Vj=\nDB_NAME=x\n-----END X-----\n", "line 4:", "DB_NAME"},
		{"DJANGO_SECRET_KEY=\nhidden:a\nhidden b\n", "line 3:", "DJANGO_SECRET_KEY"},
		{"DJANGO_SECRET_KEY=\nhidden=\"a\n", "line 2:", ""},
		{"DJANGO_SECRET_KEY_FILE=/run/x\n-----END\n", "line 2:", "DJANGO_SECRET_KEY_FILE"},
		{"hiddenc2Vj=\n-----END", "line 2:", ""},
		{"DB_NAME=1\n\x00hidden-a=1", "line 2:", "DB_NAME"},
	} {
		got, err := dotenv(t, c.content)
		if err == nil {
			t.Errorf("%q: got %v", c.content, got)
			continue
		}
		if text := err.Error(); strings.Contains(text, "hidden") || !strings.Contains(text, c.place) || !strings.Contains(text, c.name) {
			t.Errorf("%q: %s", c.content, text)
		}
	}
}

func TestDotenvFilesAreRead(t *testing.T) {
	t.Parallel()
	got, err := dotenv(t, "\ufeffA=1\r\nexport B = 'x # y'\nC=\"-----BEGIN\nx\n-----END\" # comment\nD: e\nF=\n")
	if diff := cmp.Diff(map[string]string{"A": "1", "B": "x # y", "C": "-----BEGIN\nx\n-----END", "D": "e", "F": ""}, got); diff != "" || err != nil {
		t.Errorf("error %v\n%s", err, diff)
	}
	if _, err := settings.ReadDotenv(filepath.Join(t.TempDir(), ".env")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

// TestWhiteSpaceAroundValuesIsTakenOff is one rule for every variable, whatever
// its format.
func TestWhiteSpaceAroundValuesIsTakenOff(t *testing.T) {
	t.Parallel()
	for _, v := range settings.All() {
		for _, around := range []string{"\n", "\r\n", " ", "\t", "\u00a0", "\ufeff", "\u200b"} {
			read := reader(map[string]string{v.Name: around + "a b" + around})
			want := v.Name + " has white space (such as a line end) around its value, which is taken off"
			if got, again := read.Text(v.Name), read.Text(v.Name); got != "a b" || again != got {
				t.Errorf("%s: got %q", v.Name, got)
			}
			if diff := cmp.Diff([]string{want}, read.Warned()); diff != "" {
				t.Errorf("%s: %s", v.Name, diff)
			}
		}
		read := reader(map[string]string{v.Name: "a b"})
		if got := read.Text(v.Name); got != "a b" || len(read.Warned()) > 0 {
			t.Errorf("%s: got %q, warned %v", v.Name, got, read.Warned())
		}
	}
	read := reader(map[string]string{"DATABASE_URL": "postgres://u:p@h/n\n", "TRUSTED_PROXIES": "\n10.0.0.0/8,\n ::1\n", "OIDC_USE_PKCE": "true\n"})
	if got, _ := read.Database(); got.PostgresURL != "postgres://u:p@h/n" {
		t.Errorf("got %+v", got)
	}
	if got := read.List("TRUSTED_PROXIES"); len(got) != 2 || got[1] != "::1" {
		t.Errorf("got %q", got)
	}
	if !read.Bool("OIDC_USE_PKCE") || len(read.Problems()) > 0 || len(read.Warned()) != 3 {
		t.Errorf("problems %v, warned %v", read.Problems(), read.Warned())
	}
}
