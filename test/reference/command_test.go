package reference

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"meet/bootstrap"
)

// meet runs the command line on a database and is what it prints.
func meet(t *testing.T, address string, args ...string) string {
	t.Helper()
	for name, value := range map[string]string{
		"DATABASE_URL": address, "DJANGO_SECRET_KEY": strings.Repeat("k", 64), "OIDC_OP_URL": "http://127.0.0.1:1",
		"OIDC_RP_CLIENT_ID": "meet", "OIDC_RP_CLIENT_SECRET": "secret",
		"LIVEKIT_API_URL": "http://127.0.0.1:1", "LIVEKIT_API_KEY": "key", "LIVEKIT_API_SECRET": strings.Repeat("s", 32),
	} {
		t.Setenv(name, value)
	}
	var out bytes.Buffer
	root := bootstrap.NewRoot(bootstrap.Edition{Name: "meet"})
	root.SetOut(&out)
	root.SetArgs(args)
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return out.String()
}

func TestTheCommandSaysWhatItFoundAndDoes(t *testing.T) {
	db := written(t, "0002.sql", "rows_0002.sql")
	for _, c := range []struct {
		args string
		says []string
	}{
		{"migrate --dry-run", []string{"found La Suite Meet 0.1.0 to 0.1.3 (core 0002)", "would apply core 0011_remove",
			"\n    2 private rooms become restricted\n", "would apply 00003_meetings.sql", "nothing was changed"}},
		{"migrate up --dry-run", []string{"found La Suite Meet 0.1.0", "nothing was changed"}},
		{"migrate status", []string{"found La Suite Meet 0.1.0", "pending 00001_baseline"}},
		{"migrate", []string{"applied core 0006_merge", "applied 00003_meetings.sql"}},
		{"migrate up", []string{"found this server's database, version ", "the schema is up to date"}},
		{"migrate status", []string{"applied 00001_baseline", "applied 00003_meetings.sql"}},
	} {
		printed := meet(t, db.config.PostgresURL, strings.Fields(c.args)...)
		for _, text := range c.says {
			if !strings.Contains(printed, text) {
				t.Errorf("%s does not say %q but:\n%s", c.args, text, printed)
			}
		}
	}
}

func TestTheCommandLooksAfterSQLiteToo(t *testing.T) {
	address := "sqlite://" + filepath.Join(t.TempDir(), "meet.db")
	for _, c := range []struct{ args, says string }{
		{"migrate --dry-run", "found an empty database\nwould apply 00001_baseline\n"},
		{"migrate status", "found an empty database\npending 00001_baseline\n"},
		{"migrate", "found an empty database\napplied 00001_baseline\n"},
		{"migrate", "found this server's database, version "},
	} {
		if printed := meet(t, address, strings.Fields(c.args)...); !strings.HasPrefix(printed, c.says) {
			t.Errorf("%s says:\n%s", c.args, printed)
		}
	}
}
