package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const unitFile = "../../deploy/systemd/meet.service"

func TestTheUnitIsHardened(t *testing.T) {
	unit := map[string]string{}
	for line := range strings.Lines(read(t, unitFile)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(name, "#") {
			unit[name] = value
		}
	}
	for name, want := range map[string]string{
		"DynamicUser": "yes", "ProtectSystem": "strict", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "PrivateTmp": "yes",
		"ExecStart": "/usr/bin/meet serve", "Restart": "on-failure", "EnvironmentFile": "/etc/meet/meet.env", "StateDirectory": "meet",
		"TimeoutStopSec": "40s", "MemoryDenyWriteExecute": "yes", "WantedBy": "multi-user.target",
	} {
		if got, set := unit[name]; !set || got != want {
			t.Errorf("%s=%s, want %s", name, got, want)
		}
	}
}

// systemd's own opinion counts where systemd is; other systems have none.
func TestSystemdAcceptsTheUnit(t *testing.T) {
	analyse, err := exec.LookPath("systemd-analyze") //nolint:misspell // its name
	if err != nil {
		t.Log("systemd is not on this system; the unit was parsed only")
		return
	}
	unit := filepath.Join(t.TempDir(), "meet.service")
	text := strings.Replace(read(t, unitFile), "/usr/bin/meet serve", meet(t)+" serve", 1)
	if err := os.WriteFile(unit, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.CommandContext(t.Context(), analyse, "verify", "--man=no", unit).CombinedOutput(); err != nil || strings.Contains(string(said), "meet.service") {
		t.Errorf("%v: %s", err, said)
	}
}
