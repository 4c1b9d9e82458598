package httpapi

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestHeadsWithTooManyLinesEnd sends requests over one connection: lines of
// bodies and of earlier heads do not count.
func TestHeadsWithTooManyLinesEnd(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	server.Listener, server.Config.ConnState = BoundHeads(server.Listener), NextHead
	server.Start()
	t.Cleanup(server.Close)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	ask := func(fields, bodyLines int, pieces bool) int {
		head := fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n%s\r\n", bodyLines, strings.Repeat("A: b\r\n", fields))
		if pieces {
			for i := range head {
				if _, err := conn.Write([]byte(head[i : i+1])); err != nil {
					t.Fatal(err)
				}
			}
			head = ""
		}
		if _, err := conn.Write([]byte(head + strings.Repeat("\n", bodyLines))); err != nil {
			t.Fatal(err)
		}
		if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(answers, nil)
		if err != nil { // the server has hung up
			return 0
		}
		_ = response.Body.Close()
		return response.StatusCode
	}
	for i := range 3 {
		if status := ask(150, 1000, i == 1); status != http.StatusNoContent {
			t.Errorf("request %d: %d", i, status)
		}
	}
	if status := ask(250, 0, false); status == http.StatusNoContent {
		t.Errorf("a long head: %d", status)
	}
}
