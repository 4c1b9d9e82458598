package hostile

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestOneSubscribersBodiesLeaveOthersTheirMemory lets four addresses of one
// /64 hold back the ends of 128 logout tokens each; neighbours and others
// are answered meanwhile.
func TestOneSubscribersBodiesLeaveOthersTheirMemory(t *testing.T) {
	server := start(t, nil)
	from := func(address string, request []byte) []byte {
		return bytes.Replace(request, []byte("Host: localhost\r\n"), []byte("X-Forwarded-For: "+address+"\r\nHost: localhost\r\n"), 1)
	}
	token := posted("/backchannel-logout/", "application/x-www-form-urlencoded", "logout_token="+strings.Repeat("x", 16_000))
	for i := range 4 * 128 {
		conn, err := net.Dial("tcp", server.Address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		request := from(fmt.Sprintf("2001:db8:1:200::%d", i%4+1), token)
		_, _ = conn.Write(request[:len(request)-1])
	}
	usual := posted("/rooms/creation-callback/", jsonType, `{"callback_id":"x"`+strings.Repeat(" ", 16_000)+"}")
	begun := time.Now()
	for status := 0; status != http.StatusServiceUnavailable; { // then the /64 has taken its share
		got, err := raw(server, from("2001:db8:1:200::9", usual))
		if err != nil || time.Since(begun) > 9*time.Second { // the bodies are waited for no longer
			t.Fatalf("the /64 gets %d, %v", got.status, err)
		}
		status = got.status
	}
	for name, request := range map[string][]byte{
		"a neighbour's /64": from("2001:db8:1:201::1", usual), "somebody elsewhere": from("203.0.113.9", usual), "this machine": usual,
	} {
		if got, err := raw(server, request); err != nil || got.status != http.StatusOK {
			t.Errorf("%s: %d %s, %v", name, got.status, got.body, err)
		}
	}
}
