package httpapi

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"
)

// cors lets pages of allowed origins read answers, with cookies.
func (s *Server) cors(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request, header := c.Request(), c.Response().Header()
		origin := request.Header.Get(echo.HeaderOrigin)
		if origin != "" && s.originAllowed(origin) {
			header.Set(echo.HeaderAccessControlAllowOrigin, origin)
			header.Set(echo.HeaderAccessControlAllowCredentials, "true")
			if request.Method == http.MethodOptions {
				header.Set(echo.HeaderAccessControlAllowHeaders,
					"accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with")
				header.Set(echo.HeaderAccessControlAllowMethods, "DELETE, GET, OPTIONS, PATCH, POST, PUT")
				header.Set(echo.HeaderAccessControlMaxAge, "86400")
			}
		}
		return next(c)
	}
}

// preflight answers what browsers ask before they send a request to another
// origin, for any address.
func preflight(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		if request.Method == http.MethodOptions && request.Header.Get(echo.HeaderAccessControlRequestMethod) != "" {
			return c.NoContent(http.StatusOK)
		}
		return next(c)
	}
}

func (s *Server) originAllowed(origin string) bool {
	if s.config.CORSAllowAll || slices.Contains(s.config.CORSOrigins, origin) {
		return true
	}
	for _, pattern := range s.config.CORSRegexps {
		if at := pattern.FindStringIndex(origin); at != nil && at[0] == 0 {
			return true
		}
	}
	return false
}
