package doctor

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meet/domain"
)

// theCommand checks how the program itself reports, as operators and their
// scripts see it.
func theCommand(t *testing.T, w *world) {
	dir := t.TempDir()
	program := filepath.Join(dir, "meet")
	build := exec.Command("go", "build", "-o", program, "meet/cmd/meet")
	build.Env, build.Stderr = append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	if err := build.Run(); err != nil {
		t.Fatal(err)
	}
	trusted := filepath.Join(dir, "trusted.pem")
	if err := os.WriteFile(trusted, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.certificate}), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(changes vars, args ...string) (output string, code int) {
		command := exec.Command(program, append([]string{"doctor", "--url", w.url}, args...)...)
		command.Dir, command.Env = dir, []string{"SSL_CERT_FILE=" + trusted, "PATH=" + os.Getenv("PATH")}
		for name, value := range w.with(changes) {
			command.Env = append(command.Env, name+"="+value)
		}
		var out, errs bytes.Buffer
		command.Stdout, command.Stderr = &out, &errs
		_ = command.Run() // the code tells
		if strings.Contains(out.String()+errs.String(), "hidden-") {
			t.Errorf("a secret is told:\n%s%s", out.String(), errs.String())
		}
		return out.String(), command.ProcessState.ExitCode()
	}

	var findings []domain.Finding
	begin := time.Now()
	output, code := run(nil, "--json")
	t.Logf("a healthy set-up took %v", time.Since(begin))
	if err := json.Unmarshal([]byte(output), &findings); err != nil || code != 0 || len(findings) < 25 {
		t.Errorf("a healthy set-up: code %d, %d findings, error %v\n%s", code, len(findings), err, output)
	}
	if !strings.Contains(output, `"mend": ""`) || !strings.Contains(output, `"check": "livekit.webhook"`) {
		t.Errorf("the list:\n%s", output)
	}
	output, code = run(vars{"LIVEKIT_API_SECRET": "hidden-secret-that-is-long-enough-for-all"})
	if code != 1 || !strings.Contains(output, "-> set LIVEKIT_API_KEY and LIVEKIT_API_SECRET") || !strings.Contains(output, " 1 errors, ") {
		t.Errorf("a broken set-up: code %d\n%s", code, output)
	}
	if err := os.Mkdir(filepath.Join(dir, ".env"), 0o700); err != nil {
		t.Fatal(err)
	}
	if output, code = run(nil); code != 2 {
		t.Errorf("no environment: code %d\n%s", code, output)
	}
}
