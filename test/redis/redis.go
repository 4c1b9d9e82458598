// Package redis runs a throw-away Redis server for a test.
package redis

import (
	"context"
	"io"
	"net"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Server is a Redis of a test's own. It can be stopped and started again.
type Server struct {
	URL       string
	Address   string // host:port
	dir       string
	arguments []string
	t         testing.TB
	process   *exec.Cmd
}

// Start runs a Redis on a free loopback port until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	return StartWith(t)
}

// StartWith runs it with arguments of redis-server.
func StartWith(t testing.TB, arguments ...string) *Server {
	t.Helper()
	address := free(t)
	s := &Server{URL: "redis://" + address + "/1", Address: address, dir: t.TempDir(), arguments: arguments, t: t}
	s.Start()
	t.Cleanup(s.Stop)
	return s
}

func free(t testing.TB) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// Start runs the server and waits until it answers.
func (s *Server) Start() {
	s.t.Helper()
	program := program(s.t)
	host, port, _ := net.SplitHostPort(s.Address)
	own := []string{"--bind", host, "--port", port, "--save", "", "--appendonly", "no", "--dir", s.dir}
	if slices.Contains(s.arguments, "--sentinel") { // the file comes first, and Sentinel keeps nothing
		own = append(slices.Clone(s.arguments), own[:4]...)
	} else {
		own = append(own, s.arguments...)
	}
	s.process = exec.Command(program, own...)
	s.process.Stdout, s.process.Stderr = io.Discard, io.Discard
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	client := redis.NewClient(&redis.Options{Addr: s.Address})
	defer func() { _ = client.Close() }()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for range 2000 {
		if err := client.Ping(context.Background()).Err(); err == nil || redis.HasErrorPrefix(err, "NOAUTH") {
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
