package redis

import (
	"net"
	"regexp"
	"strings"
	"testing"
)

var release = regexp.MustCompile(`redis_version:\d\.\d`)

// Older stands in front of the server and gives another release as its own,
// such as 6.0: packages of that age are not at hand. It returns REDIS_URL.
func (s *Server) Older(t testing.TB, version string) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", s.Address)
			if err != nil {
				_ = client.Close()
				continue
			}
			go pass(client, server, func(b []byte) []byte { return b })
			go pass(server, client, func(b []byte) []byte { return release.ReplaceAll(b, []byte("redis_version:"+version)) })
		}
	}()
	return strings.Replace(s.URL, s.Address, listener.Addr().String(), 1)
}

// pass copies until one side ends, and edits each part on its way.
func pass(from, to net.Conn, edit func([]byte) []byte) {
	defer func() { _, _ = from.Close(), to.Close() }()
	part := make([]byte, 64<<10)
	for {
		n, err := from.Read(part)
		if err != nil {
			return
		}
		if _, err := to.Write(edit(part[:n])); err != nil {
			return
		}
	}
}
