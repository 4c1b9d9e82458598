package postgres

import (
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
)

// Relay is a loopback relay in front of a database that counts round trips:
// the messages of the frontend/backend protocol after which a client waits
// (Query and Sync).
type Relay struct {
	URL   string // of the database, through the relay
	count atomic.Int64
}

// NewRelay relays to the database of the address until the test ends.
func NewRelay(t testing.TB, address string) *Relay {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	server := target.Host
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	target.Host = listener.Addr().String()
	r := &Relay{URL: target.String()}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go r.relay(client, server)
		}
	}()
	return r
}

// Trips is the number of round trips since the last call.
func (r *Relay) Trips() int { return int(r.count.Swap(0)) }

func (r *Relay) relay(client net.Conn, address string) {
	defer client.Close()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(client, server)
		_ = client.Close()
	}()
	startup := true
	for {
		header := make([]byte, 5)
		if startup { // the first message has no type
			header = header[:4]
		}
		if _, err := io.ReadFull(client, header); err != nil {
			return
		}
		length := binary.BigEndian.Uint32(header[len(header)-4:])
		body := make([]byte, length-4)
		if _, err := io.ReadFull(client, body); err != nil {
			return
		}
		if !startup && (header[0] == 'Q' || header[0] == 'S') {
			r.count.Add(1)
		}
		startup = false
		if _, err := server.Write(append(header, body...)); err != nil {
			return
		}
	}
}
