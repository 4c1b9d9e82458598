package redis

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// recorder is a test that may fail.
type recorder struct {
	testing.TB
	said string
}

func (r *recorder) Fatal(arguments ...any) {
	r.said = fmt.Sprint(arguments...)
	runtime.Goexit()
}

func (r *recorder) Fatalf(format string, arguments ...any) {
	r.Fatal(fmt.Sprintf(format, arguments...))
}

// TestAnOldServerIsToldOf with a program that gives another release.
func TestAnOldServerIsToldOf(t *testing.T) {
	for version, fits := range map[string]bool{"6.0.16": false, "6.2.14": false, "7.0.15": true, "8.0.2": true, "10.1.0": true} {
		dir := t.TempDir()
		script := "#!/bin/sh\necho 'Redis server v=" + version + " sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=0'\n"
		if err := os.WriteFile(filepath.Join(dir, "redis-server"), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
		about, done := &recorder{TB: t}, make(chan struct{})
		go func() {
			defer close(done)
			needsSeven(about)
		}()
		<-done
		if told := strings.Contains(about.said, "7.0 or newer") && strings.Contains(about.said, "Install it"); told == fits || fits && about.said != "" {
			t.Errorf("%s: told %q", version, about.said)
		}
		if fits {
			continue // the rest of the script installs what else is missing
		}
		output, err := exec.CommandContext(t.Context(), "../needs.sh").CombinedOutput()
		if err == nil || !strings.Contains(string(output), "7.0 or newer") || !strings.Contains(string(output), version) {
			t.Errorf("%s: error %v, told %s", version, err, output)
		}
	}
}
