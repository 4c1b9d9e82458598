// Package livekit runs a LiveKit media server for a test.
package livekit

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"meet/adapters/sfu"
)

// Server is a LiveKit of a test's own. It can be stopped and started again.
type Server struct {
	URL, Key, Secret string
	config           sfu.Config
	t                testing.TB
	process          *exec.Cmd
}

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "meet-livekit")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "livekit")
	command := exec.Command("go", "build", "-o", path, "meet/test/livekit/server")
	command.Env, command.Stderr = append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	return path, command.Run()
})

// Remove deletes what was built; TestMain calls it.
func Remove() {
	if path, err := build(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
}

func port(t testing.TB, network string) int {
	t.Helper()
	if network == "udp" {
		conn, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		return conn.LocalAddr().(*net.UDPAddr).Port
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port
}

// Start runs a server that reports to the webhook and keeps its state in the
// Redis at host:port; both may be "".
func Start(t testing.TB, webhook, redis string) *Server {
	t.Helper()
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port(t, "tcp")))
	s := &Server{
		URL: "http://" + address, Key: "devkey", Secret: "a-secret-that-is-long-enough-for-livekit", t: t,
		config: sfu.Config{Addr: address, NodeIP: "127.0.0.1", UDPPort: port(t, "udp"), Webhook: webhook, Redis: redis},
	}
	s.config.Key, s.config.Secret = s.Key, s.Secret
	s.Start()
	t.Cleanup(s.Stop)
	return s
}

// Env is how our server reaches it.
func (s *Server) Env() map[string]string {
	return map[string]string{"LIVEKIT_API_URL": s.URL, "LIVEKIT_API_KEY": s.Key, "LIVEKIT_API_SECRET": s.Secret}
}

// Start runs the server and waits until it answers.
func (s *Server) Start() {
	s.t.Helper()
	path, err := build()
	if err != nil {
		s.t.Fatalf("build the media server: %v", err)
	}
	config, err := json.Marshal(s.config)
	if err != nil {
		s.t.Fatal(err)
	}
	s.process = exec.Command(path, string(config))
	s.process.Stdout, s.process.Stderr = io.Discard, io.Discard
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for range 2000 {
		if response, err := http.Get(s.URL); err == nil {
			_ = response.Body.Close()
			return
		}
		<-ticker.C
	}
	s.t.Fatal("the media server does not answer")
}

// Stop ends the server at once, as a crash would.
func (s *Server) Stop() {
	if s.process != nil {
		_ = s.process.Process.Kill()
		_ = s.process.Wait()
		s.process = nil
	}
}
