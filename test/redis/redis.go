// Package redis runs a throw-away Redis server for a test.
package redis

import (
	"context"
	"io"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Server is a Redis of a test's own. It can be stopped and started again.
type Server struct {
	URL     string
	socket  string
	t       testing.TB
	process *exec.Cmd
}

// Start runs a Redis on a Unix socket until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "redis.sock")
	s := &Server{URL: "unix://" + socket + "?db=1", socket: socket, t: t}
	s.Start()
	t.Cleanup(s.Stop)
	return s
}

// Start runs the server and waits until it answers.
func (s *Server) Start() {
	s.t.Helper()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		s.t.Fatal("redis-server is missing. Install it: sudo apt-get install -y redis-server")
	}
	s.process = exec.Command(program, "--port", "0", "--unixsocket", s.socket, "--save", "", "--appendonly", "no",
		"--dir", filepath.Dir(s.socket))
	s.process.Stdout, s.process.Stderr = io.Discard, io.Discard
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: s.socket})
	defer func() { _ = client.Close() }()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for range 2000 {
		if client.Ping(context.Background()).Err() == nil {
			return
		}
		<-ticker.C
	}
	s.t.Fatal("redis-server does not answer")
}

// Stop ends the server at once, as a crash would.
func (s *Server) Stop() {
	if s.process != nil {
		_ = s.process.Process.Kill()
		_ = s.process.Wait()
		s.process = nil
	}
}
