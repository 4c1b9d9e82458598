package bootstrap_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"meet/bootstrap"
)

// run is what a command line prints.
func run(t *testing.T, arguments ...string) string {
	t.Helper()
	root := bootstrap.NewRoot(bootstrap.Edition{Name: "meet", Summary: "A server"})
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetArgs(arguments)
	if err := root.Execute(); err != nil {
		t.Fatalf("%v: %v", arguments, err)
	}
	return out.String()
}

func TestShellsAreToldHowToComplete(t *testing.T) {
	for shell, sign := range map[string]string{"bash": "complete -o default", "zsh": "#compdef meet", "fish": "complete -c meet"} {
		if script := run(t, "completion", shell); !strings.Contains(script, sign) {
			t.Errorf("%s: %.80s", shell, script)
		}
	}
	if offered := run(t, "__complete", "migrate", ""); !strings.Contains(offered, "up\t") {
		t.Errorf("migrate is completed by %q", offered)
	}
}

func TestEveryCommandHasAManualPageThatIsTheSameEachTime(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	first, second := filepath.Join(t.TempDir(), "man"), t.TempDir()
	run(t, "man", first)
	run(t, "man", second)
	for _, name := range []string{"meet", "meet-serve", "meet-migrate-up", "meet-config", "meet-healthcheck", "meet-completion-bash"} {
		page, err := os.ReadFile(filepath.Join(first, name+".8"))
		if err != nil {
			t.Error(err)
			continue
		}
		again, err := os.ReadFile(filepath.Join(second, name+".8"))
		if err != nil || !bytes.Equal(page, again) {
			t.Errorf("%s differs, error %v", name, err)
		}
		if !bytes.Contains(page, []byte(`.TH "MEET" "8"`)) {
			t.Errorf("%s: %.80s", name, page)
		}
	}
}
