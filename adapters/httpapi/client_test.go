package httpapi

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestWhoseRequestItIs(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fc00::/7")}
	for _, c := range []struct {
		peer     string
		lines    []string
		all, one string // with proxies that were named, and with those by default
	}{
		{"192.0.2.1:9", []string{"203.0.113.9"}, "192.0.2.1", "192.0.2.1"},
		{"10.0.0.1:9", nil, "10.0.0.1", "10.0.0.1"},
		{"10.0.0.1:9", []string{"203.0.113.9"}, "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:9", []string{"203.0.113.9:50001"}, "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:9", []string{"1.1.1.1, 203.0.113.9:50001"}, "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:9", []string{"[2001:db8::1]:443"}, "2001:db8::1", "2001:db8::1"},
		{"10.0.0.1:9", []string{`"[2001:db8::1]:443"`}, "2001:db8::1", "2001:db8::1"},
		{"10.0.0.1:9", []string{"[2001:db8::1]"}, "2001:db8::1", "2001:db8::1"},
		{"10.0.0.1:9", []string{"2001:db8::1"}, "2001:db8::1", "2001:db8::1"},
		{"10.0.0.1:9", []string{"2001:db8::1%eth0"}, "2001:db8::1", "2001:db8::1"},
		{"10.0.0.1:9", []string{"[fe80::1%25eth0]:443"}, "fe80::1", "fe80::1"},
		{"10.0.0.1:9", []string{"::ffff:203.0.113.9"}, "203.0.113.9", "203.0.113.9"},
		{"[::ffff:10.0.0.1]:9", []string{"203.0.113.9"}, "203.0.113.9", "203.0.113.9"},
		{"[fd00::1]:9", []string{`"203.0.113.9"`}, "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:9", []string{"unknown"}, "10.0.0.1", "10.0.0.1"},
		{"10.0.0.1:9", []string{"_hidden"}, "10.0.0.1", "10.0.0.1"},
		{"10.0.0.1:9", []string{""}, "10.0.0.1", "10.0.0.1"},
		{"10.0.0.1:9", []string{"203.0.113.9, unknown"}, "10.0.0.1", "10.0.0.1"},
		{"10.0.0.1:9", []string{"203.0.113.9:port"}, "10.0.0.1", "10.0.0.1"},
		{"10.0.0.1:9", []string{"203.0.113.9, 10.7.7.7"}, "203.0.113.9", "10.7.7.7"},
		{"10.0.0.1:9", []string{"203.0.113.9", "10.7.7.7:1"}, "203.0.113.9", "10.7.7.7"},
		{"10.0.0.1:9", []string{"1.1.1.1,203.0.113.9,10.8.8.8", "10.7.7.7"}, "203.0.113.9", "10.7.7.7"},
		{"10.0.0.1:9", []string{"10.9.9.9"}, "10.9.9.9", "10.9.9.9"},
		{"@", []string{"203.0.113.9"}, "invalid IP", "invalid IP"}, // a Unix socket
	} {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.RemoteAddr = c.peer
		for _, line := range c.lines {
			request.Header.Add("X-Forwarded-For", line)
		}
		for one, want := range map[bool]string{false: c.all, true: c.one} {
			s := &Server{config: Config{TrustedProxies: proxies, OneProxy: one}}
			if got := s.clientAddress(request); got != want {
				t.Errorf("from %s, forwarded for %q, one proxy %v: %s, want %s", c.peer, c.lines, one, got, want)
			}
		}
		if got := request.Header["X-Forwarded-For"]; len(got) != len(c.lines) || len(got) > 0 && got[len(got)-1] != c.lines[len(c.lines)-1] {
			t.Errorf("the header became %q", got)
		}
	}
}
