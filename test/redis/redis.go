// Package redis runs a throw-away Redis server for a test.
package redis

import (
	"context"
	"io"
	"net"
	"os/exec"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Server is a Redis of a test's own. It can be stopped and started again.
type Server struct {
	URL     string
	Address string // host:port
	dir     string
	t       testing.TB
	process *exec.Cmd
}

// Start runs a Redis on a free loopback port until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	s := &Server{URL: "redis://" + address + "/1", Address: address, dir: t.TempDir(), t: t}
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
	host, port, _ := net.SplitHostPort(s.Address)
	s.process = exec.Command(program, "--bind", host, "--port", port, "--save", "", "--appendonly", "no", "--dir", s.dir)
	s.process.Stdout, s.process.Stderr = io.Discard, io.Discard
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	client := redis.NewClient(&redis.Options{Addr: s.Address})
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
