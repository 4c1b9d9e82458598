package e2e

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	media "meet/test/livekit"
	"meet/test/process"
)

// program is the standalone server as people run it. It is a process of its
// own because the media server in it has data races that are not ours.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "meet-standalone")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "meet-standalone")
	command := exec.Command("go", "build", "-o", path, "meet/cmd/meet-standalone")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	command.Stderr = os.Stderr
	return path, command.Run()
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	media.Remove()
	process.Remove()
	os.Exit(code)
}

// startStandalone runs the standalone server and returns its address.
func startStandalone(t testing.TB, env map[string]string) string {
	t.Helper()
	address, _ := startStandaloneWithEnv(t, env)
	return address
}

// startStandaloneWithEnv tells how to reach its media server too.
func startStandaloneWithEnv(t testing.TB, env map[string]string) (address string, media map[string]string) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatalf("build the standalone server: %v", err)
	}
	_, udp, _ := net.SplitHostPort(free(t, "udp"))
	listen, sfu := free(t, "tcp"), free(t, "tcp")
	media = map[string]string{
		"LIVEKIT_API_KEY": "devkey", "LIVEKIT_API_SECRET": "a-secret-that-is-long-enough-for-livekit", "LIVEKIT_API_URL": "ws://" + sfu,
	}
	all := []string{
		"DJANGO_DATA_DIR=" + filepath.Join(t.TempDir(), "data"), "LISTEN_ADDR=" + listen, "SFU_ADDR=" + sfu, "SFU_UDP_PORT=" + udp,
		"DEMO_OIDC_ADDR=" + free(t, "tcp"), "LIVEKIT_API_KEY=" + media["LIVEKIT_API_KEY"], "LIVEKIT_API_SECRET=" + media["LIVEKIT_API_SECRET"],
	}
	for name, value := range env {
		all = append(all, name+"="+value)
	}
	run(t, path, listen, all)
	return "http://" + listen, media
}

// run starts the program and waits until it answers; it must stop cleanly
// when the test ends.
func run(t testing.TB, path, address string, env []string) {
	t.Helper()
	var output bytes.Buffer
	command := exec.Command(path, "serve")
	command.Dir, command.Env, command.Stdout, command.Stderr = t.TempDir(), append(os.Environ(), env...), &output, &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	t.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt)
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the standalone server ended with %v:\n%s", err, output.String())
			}
		case <-time.After(time.Minute):
			_ = command.Process.Kill()
			t.Error("the standalone server did not stop")
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("the standalone server ended with %v:\n%s", err, output.String())
		case <-ctx.Done():
			t.Fatal("the standalone server does not answer")
		case <-ticker.C:
		}
		request, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/__heartbeat__", nil)
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
	}
}

// TestTheBannerSaysEverythingANewcomerNeeds reads what the program prints.
func TestTheBannerSaysEverythingANewcomerNeeds(t *testing.T) {
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	_, udp, _ := net.SplitHostPort(free(t, "udp"))
	dir := t.TempDir()
	listen := free(t, "tcp")
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(path, "serve")
	command.Dir, command.Stdout = dir, writer
	command.Env = append(os.Environ(), "LISTEN_ADDR="+listen, "SFU_ADDR="+free(t, "tcp"), "SFU_UDP_PORT="+udp, "DEMO_OIDC_ADDR="+free(t, "tcp"))
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	_ = writer.Close()
	var text strings.Builder
	buffer := make([]byte, 4096)
	for !strings.Contains(text.String(), "Stop ") {
		n, err := reader.Read(buffer)
		if err != nil {
			t.Fatalf("the program ended: %v\n%s", err, text.String())
		}
		text.Write(buffer[:n])
	}
	for _, needed := range []string{"http://" + listen, "alice@demo.example", "bob@demo.example", "carol@demo.example", filepath.Join(dir, "data"), "Ctrl-C"} {
		if !strings.Contains(text.String(), needed) {
			t.Errorf("%q is missing in:\n%s", needed, text.String())
		}
	}
	healthy := func(hosts string) error {
		check := exec.Command(path, "healthcheck")
		check.Dir, check.Env = dir, append(command.Env, "DJANGO_ALLOWED_HOSTS="+hosts)
		return check.Run()
	}
	for _, hosts := range []string{"", ".localhost", "*"} {
		if err := healthy(hosts); err != nil {
			t.Errorf("healthcheck with hosts %q: %v", hosts, err)
		}
	}
	_ = command.Process.Signal(os.Interrupt)
	if err := command.Wait(); err != nil {
		t.Errorf("after Ctrl-C: %v", err)
	}
	if healthy("") == nil {
		t.Error("a stopped server is healthy")
	}
}
