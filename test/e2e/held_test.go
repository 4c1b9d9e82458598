package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"meet/test/client"
)

const (
	held         = 2000
	mostHeldRSS  = 60_000_000 // bytes of its own more than before
	mostHeldTime = 500 * time.Millisecond
)

// TestManyHeldRequestsCostNextToNothing lets many guests wait with a request
// each: no memory to speak of, and no work while nothing happens.
func TestManyHeldRequestsCostNextToNothing(t *testing.T) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur < 3*held {
		t.Fatalf("this test needs %d open files, %d are allowed: ulimit -n", 3*held, limit.Cur)
	}
	path := filepath.Join(t.TempDir(), "meet")
	if text, err := exec.Command("go", "build", "-o", path, "meet/cmd/meet-standalone").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	listen := free(t, "tcp")
	pid := runProcess(t, path, listen, []string{
		"DJANGO_DATA_DIR=" + filepath.Join(t.TempDir(), "data"), "LISTEN_ADDR=" + listen, "DEMO_OIDC_ADDR=" + free(t, "tcp"),
		"LIVEKIT_API_URL=http://" + free(t, "tcp"), "LIVEKIT_API_KEY=devkey", "LIVEKIT_API_SECRET=a-secret-that-is-long-enough-for-livekit", "REQUEST_ENTRY_THROTTLE_RATES=100000/minute",
	})
	owner := client.New(t, "http://"+listen)
	owner.SignIn("demo-alice")
	room, _ := owner.NewRoom()["id"].(string)
	owner.Must(http.StatusOK, http.MethodPatch, "/rooms/"+room+"/", map[string]any{"access_level": "restricted"})
	target := "http://" + listen + "/api/v1.0/rooms/" + room + "/request-entry/"
	transport := &http.Transport{MaxIdleConnsPerHost: held, DisableCompression: true}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var all sync.WaitGroup
	defer all.Wait()
	for range 200 { // connections to the database are open, pages of the program are loaded
		all.Go(func() { knockAt(ctx, transport, target, "wait=1") })
	}
	all.Wait()
	until(t, "nobody waits", func() bool {
		list, _ := owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/waiting-participants/", nil)["participants"].([]any)
		return len(list) == 0
	})
	transport.CloseIdleConnections()
	before := ownBytes(t, pid)
	for range held {
		all.Go(func() { knockAt(ctx, transport, target, "wait=20") })
	}
	until(t, "all wait", func() bool {
		list, _ := owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/waiting-participants/", nil)["participants"].([]any)
		return len(list) == held
	})
	begun := processorTime(t, pid)
	<-time.After(3 * time.Second) // a stretch of time in which nothing happens
	worked, used := processorTime(t, pid)-begun, ownBytes(t, pid)-before
	t.Logf("%d held requests: %d MB, %v of processor time in 3 s", held, used/1_000_000, worked)
	if used > mostHeldRSS || worked > mostHeldTime {
		t.Errorf("at most %d MB and %v are allowed", mostHeldRSS/1_000_000, mostHeldTime)
	}
	cancel()
}

// knockAt asks to be let in once.
func knockAt(ctx context.Context, transport *http.Transport, target, prefer string) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(`{"username":"Zoé"}`))
	if err != nil {
		return
	}
	request.Header.Set("Content-Type", "application/json")
	if prefer != "" {
		request.Header.Set("Prefer", prefer)
	}
	if response, err := transport.RoundTrip(request); err == nil {
		_ = response.Body.Close()
	}
}

func runProcess(t *testing.T, path, address string, env []string) int {
	t.Helper()
	var output bytes.Buffer
	command := exec.Command(path, "serve")
	command.Dir, command.Env, command.Stdout, command.Stderr = t.TempDir(), append(os.Environ(), env...), &output, &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	until(t, "the server answers", func() bool {
		response, err := http.Get("http://" + address + "/__lbheartbeat__")
		if err == nil {
			_ = response.Body.Close()
		}
		return err == nil
	})
	return command.Process.Pid
}

// ownBytes is the memory of a process that is not pages of its program, which
// the kernel maps as it likes (proc(5): resident less shared).
func ownBytes(t *testing.T, pid int) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		t.Fatal(err)
	}
	var size, resident, shared int
	if _, err := fmt.Sscan(string(text), &size, &resident, &shared); err != nil {
		t.Fatal(err)
	}
	return (resident - shared) * os.Getpagesize()
}

// processorTime is what a process has used (proc(5)).
func processorTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond // clock ticks of 1/100 s
}
