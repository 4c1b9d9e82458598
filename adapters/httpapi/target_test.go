package httpapi_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"meet/adapters/httpapi"
)

// TestNoTargetLeadsElsewhere sends request lines as they are: those that are
// no path of ours are refused, and none is repeated in a redirect.
func TestNoTargetLeadsElsewhere(t *testing.T) {
	t.Parallel()
	for _, redirects := range []bool{true, false} {
		w := newWorld(t, func(s *setup) { s.http = redirecting(s.http, redirects) })
		server := httptest.NewServer(w.server)
		t.Cleanup(server.Close)
		for _, target := range []string{
			"http:@evil.example/", "http:evil.example", "https:@evil.example/", "http:/evil.example", "evil:@evil.example/", "http://u:p@testserver/", "http:///evil",
			"//evil.example", "//evil.example/", "///evil.example/", `/\evil.example`, `/\/evil.example/`, "/%2Fevil.example", "/%2F%2Fevil.example/", "/%5cevil.example", "/%5C/evil",
			"//evil.example/api/v1.0/users", "/%2f/api/v1.0/users", "@evil.example", "?evil", "*", "http:", "ftp://testserver/", "javascript:alert(1)", "//evil.example/..", "%2f%2fevil.example",
		} {
			got := request(t, server, target)
			if got.StatusCode != http.StatusBadRequest || got.Header.Get("Location") != "" {
				t.Errorf("%s: %d, to %q", target, got.StatusCode, got.Header.Get("Location"))
			}
		}
		for target, want := range map[string]string{
			"/api/v1.0/users": "/api/v1.0/users/", "/api/v1.0/rooms/x?next=//evil.example": "/api/v1.0/rooms/x/?next=//evil.example",
			"http://testserver/api/v1.0/users": "/api/v1.0/users/", "/api/v1.0/rooms/%2Fevil.example": "", "/api/v1.0/%5cevil.example": "",
			"/api/v1.0//evil.example": "", "/a//evil.example": "", "http://testserver/": "",
		} {
			got := request(t, server, target).Header.Get("Location")
			if redirects && !strings.HasPrefix(got, "https://testserver/") || !redirects && got != want {
				t.Errorf("%s leads to %q", target, got)
			}
		}
	}
}

func redirecting(config httpapi.Config, on bool) httpapi.Config {
	config.RedirectHTTPS = on
	return config
}

func request(t *testing.T, server *httptest.Server, target string) *http.Response {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: testserver\r\nConnection: close\r\n\r\n", target); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%s: %v", target, err)
	}
	_ = response.Body.Close()
	return response
}
