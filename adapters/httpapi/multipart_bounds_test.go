package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestBoundariesThatOccurEverywhereAreBadInput sends bodies in which the
// boundary would occur thousands of times; nobody's memory is booked for them.
func TestBoundariesThatOccurEverywhereAreBadInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const none = `{"detail":"Multipart form parse error - Invalid boundary in multipart: None"}`
	const many = `{"detail":"Multipart form parse error - too many parts"}`
	for name, c := range map[string]struct {
		kind, body string
		status     int
		answer     string
	}{
		"none":       {"multipart/form-data", strings.Repeat("x", 16_000), http.StatusBadRequest, none},
		"empty":      {`multipart/form-data; boundary=""`, strings.Repeat("x", 16_000), http.StatusBadRequest, none},
		"one letter": {"multipart/form-data; boundary=b", strings.Repeat("b", 16_000), http.StatusOK, "-"},
		"delimiters": {"multipart/form-data; boundary=b", strings.Repeat("--b\r\n", 3000), http.StatusBadRequest, many},
		"dashes":     {"multipart/form-data; boundary=-", strings.Repeat("-", 16_000), http.StatusBadRequest, many},
	} {
		for range 3 {
			a := roomsRaw{method: http.MethodPost, path: "/rooms/creation-callback/", body: c.body, header: roomsType(c.kind)}.send(w.stranger())
			if a.status == http.StatusServiceUnavailable || a.status != c.status && c.answer != "-" || c.answer != "-" && a.body != c.answer {
				t.Fatalf("%s: %d %s", name, a.status, a.body)
			}
		}
	}
	for _, kind := range []string{"multipart/form-data", "multipart/form-data; boundary=b"} {
		a := roomsRaw{method: http.MethodPost, path: "/backchannel-logout/", body: strings.Repeat("--b\r\n", 3000), header: roomsType(kind)}.send(w.stranger())
		if a.status != http.StatusBadRequest {
			t.Errorf("a logout token as %s: %d %s", kind, a.status, a.body)
		}
	}
}
