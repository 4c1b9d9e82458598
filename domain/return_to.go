package domain

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ReturnRules say where a browser may be sent after signing in.
type ReturnRules struct {
	AllowedHosts []string // host or host:port, besides the request's own
	RequireHTTPS bool
}

const maxReturnTo = 2048

// Safe reports whether target stays on the host the request came to, or on an
// allowed one. What browsers read differently from URL parsers is refused:
// backslashes, control characters, "///", user parts, schemes without host.
func (r ReturnRules) Safe(target, host string) bool {
	target = strings.TrimSpace(target)
	if target == "" || len(target) > maxReturnTo || !utf8.ValidString(target) {
		return false
	}
	return r.safe(target, host) && r.safe(strings.ReplaceAll(target, `\`, "/"), host)
}

func (r ReturnRules) safe(target, host string) bool {
	if strings.HasPrefix(target, "///") || strings.ContainsFunc(target, unicode.IsControl) {
		return false
	}
	parsed, err := url.Parse(target)
	if err != nil || parsed.User != nil || (parsed.Scheme != "" && parsed.Host == "") {
		return false
	}
	if parsed.Host != "" && parsed.Host != host && !slices.Contains(r.AllowedHosts, parsed.Host) {
		return false
	}
	switch parsed.Scheme {
	case "https":
		return true
	case "http":
		return !r.RequireHTTPS
	default: // a path, or "//host"
		return parsed.Scheme == "" && (parsed.Host != "" || !strings.HasPrefix(target, "//"))
	}
}
