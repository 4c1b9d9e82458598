package httpapi

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// What the head of a request may hold, besides its size in bytes: names and
// values take far more in memory than on the wire.
const (
	maxFields     = 100
	maxCookies    = 200
	maxParameters = 100
)

var (
	errTarget        = badRequest("Invalid request target.")
	errManyFields    = &refusal{status: http.StatusRequestHeaderFieldsTooLarge, detail: "Too many header fields."}
	errManyParameter = badRequest("Too many query parameters.")
)

// plausible refuses requests with a head that no browser sends, and lets
// routes see the address as it is meant, not as it was escaped.
func plausible(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		if err := checkHead(request); err != nil {
			return err
		}
		request.URL.RawPath = ""
		return next(c)
	}
}

// checkHead looks at a request before anybody takes it apart.
func checkHead(request *http.Request) error {
	if !targetOurs(request) {
		return errTarget
	}
	fields := 0
	for _, values := range request.Header {
		fields += len(values)
	}
	cookies := 0
	for _, line := range request.Header["Cookie"] {
		cookies += 1 + strings.Count(line, ";")
	}
	switch {
	case fields > maxFields, cookies > maxCookies:
		return errManyFields
	case strings.Count(request.URL.RawQuery, "&") >= maxParameters:
		return errManyParameter
	}
	return nil
}

// targetOurs reports whether the request's target is a path, alone or behind
// the scheme and host of a site (RFC 9112, 3.2): what else parses as an
// address would lead elsewhere when it is repeated in a redirect.
func targetOurs(request *http.Request) bool {
	address := request.URL
	switch {
	case address.Opaque != "", address.User != nil, !strings.HasPrefix(address.Path, "/"):
		return false
	case address.Scheme != "" && (address.Scheme != "http" && address.Scheme != "https" || address.Host == ""):
		return false
	}
	return len(address.Path) < 2 || address.Path[1] != '/' && address.Path[1] != '\\'
}
