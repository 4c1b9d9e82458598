package hostile

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestClientsThatDoNotReadHoldNoPlace lets more clients than there are places
// for held knocks send requests without end and read no answer.
func TestClientsThatDoNotReadHoldNoPlace(t *testing.T) {
	server := start(t, nil)
	knock := "/rooms/3c0c8f3e-3a0e-4a57-8b4c-3e7a30a5b0a4/request-entry/"
	one := posted(knock, strings.Repeat("x", 15_000), `{"username":"Zoé"}`, "Prefer: wait=20")
	stuck := make(chan struct{}, 70)
	for range 70 {
		conn, err := net.Dial("tcp", server.Address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := conn.(*net.TCPConn).SetReadBuffer(4096); err != nil {
			t.Fatal(err)
		}
		go func() {
			defer func() { stuck <- struct{}{} }()
			for range 2000 {
				if conn.SetWriteDeadline(time.Now().Add(3*time.Second)) != nil {
					return
				}
				if _, err := conn.Write(one); err != nil {
					return // the server waits for this client to read
				}
			}
		}()
	}
	for range 70 {
		<-stuck
	}
	for range 10 {
		begun := time.Now()
		got, err := raw(server, posted(knock, jsonType, `{"username":"Zoé"}`, "Prefer: wait=1"))
		if took := time.Since(begun); err != nil || got.status != http.StatusNotFound || took > 5*time.Second {
			t.Errorf("an honest knock: %d %s after %v, %v", got.status, got.body, took, err)
		}
	}
}
