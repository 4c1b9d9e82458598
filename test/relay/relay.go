// Package relay is a bad network on loopback: it stands between a client and
// a server and can be paused or made slow.
package relay

import (
	"net"
	"sync"
	"testing"
	"time"
)

// Relay passes bytes on to a server.
type Relay struct {
	Address string // host:port that stands for the server's

	listener net.Listener
	mu       sync.Mutex
	moved    *sync.Cond
	target   string
	paused   bool
	ended    bool
	delay    time.Duration
	conns    map[net.Conn]bool
}

// New relays to host:port until the test ends.
func New(t testing.TB, target string) *Relay {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &Relay{Address: listener.Addr().String(), listener: listener, target: target, conns: map[net.Conn]bool{}}
	r.moved = sync.NewCond(&r.mu)
	go r.serve()
	t.Cleanup(func() {
		_ = listener.Close()
		r.end()
		r.Resume()
	})
	return r
}

// end closes all connections and refuses new ones.
func (r *Relay) end() {
	r.mu.Lock()
	r.ended = true
	r.mu.Unlock()
	r.Drop()
}

// Pause holds all bytes back, as a network does that drops them; connections
// stay. Resume ends that.
func (r *Relay) Pause() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.paused = true
}

// Resume lets bytes pass.
func (r *Relay) Resume() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.paused = false
	r.moved.Broadcast()
}

// Lead makes new connections go to another host:port; those that are there stay.
func (r *Relay) Lead(target string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.target = target
}

// Drop ends all connections.
func (r *Relay) Drop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for conn := range r.conns {
		_ = conn.Close()
	}
}

// Delay makes each chunk of bytes late.
func (r *Relay) Delay(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.delay = d
}

func (r *Relay) serve() {
	for {
		client, err := r.listener.Accept()
		if err != nil {
			return
		}
		go r.connect(client)
	}
}

func (r *Relay) connect(client net.Conn) {
	if !r.add(client) {
		return
	}
	r.mu.Lock()
	target := r.target
	r.mu.Unlock()
	server, err := net.DialTimeout("tcp", target, 5*time.Second)
	if err != nil || !r.add(server) {
		r.drop(client)
		return
	}
	go r.pass(client, server)
	r.pass(server, client)
}

// add remembers a connection; it closes it when there may be none.
func (r *Relay) add(conn net.Conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		_ = conn.Close()
		return false
	}
	r.conns[conn] = true
	return true
}

func (r *Relay) drop(conns ...net.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, conn := range conns {
		_ = conn.Close()
		delete(r.conns, conn)
	}
}

// pass copies until one side ends.
func (r *Relay) pass(to, from net.Conn) {
	defer r.drop(to, from)
	chunk := make([]byte, 64<<10)
	for {
		n, err := from.Read(chunk)
		if n > 0 {
			r.hold()
			if _, err := to.Write(chunk[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// hold waits for as long as the network is bad.
func (r *Relay) hold() {
	r.mu.Lock()
	delay := r.delay
	for r.paused {
		r.moved.Wait()
	}
	r.mu.Unlock()
	if delay > 0 {
		<-time.After(delay)
	}
}
