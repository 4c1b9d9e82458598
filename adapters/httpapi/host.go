package httpapi

import (
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"meet/domain"
)

// hardened are headers of every answer; the values are shared, so they are
// replaced and never appended to.
var hardened = http.Header{
	"X-Content-Type-Options":     {"nosniff"},
	"Referrer-Policy":            {"same-origin"},
	"Cross-Origin-Opener-Policy": {"same-origin"},
	"X-Frame-Options":            {"DENY"},
	"Content-Language":           {"en-us"},
	"Vary":                       slices.Clip([]string{"origin, Cookie"}),
}

// notStored keeps answers of the API, which hold tokens, out of all caches.
var notStored = []string{"no-store"}

// harden sets the security headers of every answer.
func (s *Server) harden(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		header := c.Response().Header()
		maps.Copy(header, hardened)
		if strings.HasPrefix(c.Request().URL.Path, "/api/") {
			header["Cache-Control"] = notStored
		}
		if s.config.RedirectHTTPS && s.https(c.Request()) {
			header.Set("Strict-Transport-Security", "max-age=60; includeSubDomains; preload")
		}
		return next(c)
	}
}

// secure sends plain requests to https where the instance wants that.
func (s *Server) secure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		if !s.config.RedirectHTTPS || s.https(request) {
			return next(c)
		}
		if strings.HasPrefix(request.URL.Path, "/__lbheartbeat__") || strings.HasPrefix(request.URL.Path, "/__heartbeat__") {
			return next(c)
		}
		if !s.hostAllowed(request.Host) {
			return s.badHost(request)
		}
		if request.Header.Get("X-Forwarded-Proto") != "" {
			s.distrust.Do(func() {
				s.World.Warn(request.Context(), "X-Forwarded-Proto of a proxy that is not in TRUSTED_PROXIES is not believed", "address", peer(request))
			})
		}
		return c.Redirect(http.StatusMovedPermanently, "https://"+request.Host+request.URL.RequestURI())
	}
}

// https reports whether the browser's connection is encrypted, as far as we
// see or a trusted proxy says.
func (s *Server) https(request *http.Request) bool {
	if request.TLS != nil {
		return true
	}
	first, _, _ := strings.Cut(request.Header.Get("X-Forwarded-Proto"), ",")
	return first == "https" && s.trusts(peer(request))
}

func (s *Server) secureCookies(request *http.Request) bool {
	return s.config.SecureCookies || s.https(request)
}

// origin is the scheme and host by which the client addresses us.
func (s *Server) origin(c echo.Context) string {
	scheme := "http://"
	if s.https(c.Request()) {
		scheme = "https://"
	}
	return scheme + c.Request().Host
}

// checkHost refuses requests for hosts that are not ours.
func (s *Server) checkHost(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !s.hostAllowed(c.Request().Host) {
			return s.badHost(c.Request())
		}
		return next(c)
	}
}

// badHost refuses a host, and tells the operator which setting names ours.
func (s *Server) badHost(request *http.Request) error {
	host := domain.Excerpt(strings.ToLower(request.Host))
	if s.badHosts.due(host, s.World.Now()) {
		s.World.Warn(request.Context(), "the host of a request is not in DJANGO_ALLOWED_HOSTS", "host", host)
	}
	return errBadHost
}

func (s *Server) hostAllowed(hostport string) bool {
	host := hostport
	if name, port, err := net.SplitHostPort(hostport); err == nil {
		if strings.Trim(port, "0123456789") != "" {
			return false
		}
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" || strings.ContainsAny(hostport, " /\\@?#%\"<>,") {
		return false
	}
	bare := strings.Trim(host, "[]")
	for _, allowed := range s.config.AllowedHosts {
		allowed = strings.ToLower(allowed)
		switch {
		case allowed == "*", allowed == host, strings.Trim(allowed, "[]") == bare:
			return true
		case strings.HasPrefix(allowed, ".") && (host == allowed[1:] || strings.HasSuffix(host, allowed)):
			return true
		}
	}
	return false
}
