package httpapi

import (
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"
)

// Version says what is running.
type Version struct {
	Source  string `json:"source"`
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Build   string `json:"build"`
}

// alive serves /__lbheartbeat__: the process answers.
func (s *Server) alive(c echo.Context) error {
	return c.HTMLBlob(http.StatusOK, nil)
}

// Drain prepares for the end: the heartbeat says that the server is about to
// stop, so that balancers send nobody any more, and connections are not kept.
// Requests are answered as ever.
func (s *Server) Drain() { s.draining.Store(true) }

// heartbeat serves /__heartbeat__: the database answers too.
func (s *Server) heartbeat(c echo.Context) error {
	if s.draining.Load() {
		return c.Blob(http.StatusServiceUnavailable, mimeJSON, []byte(`{"status": "stopping"}`))
	}
	if err := s.Ping(c.Request().Context()); err != nil {
		slog.ErrorContext(c.Request().Context(), "the database does not answer", "error", err)
		return c.Blob(http.StatusInternalServerError, mimeJSON, []byte(`{"status": "error"}`))
	}
	return c.Blob(http.StatusOK, mimeJSON, []byte(`{"status": "ok"}`))
}

// version serves /__version__.
func (s *Server) version(c echo.Context) error {
	return respond(c, http.StatusOK, s.config.Version)
}

// root serves GET /: where the lists are.
func (s *Server) root(c echo.Context) error {
	at := func(path string) string { return s.origin(c) + API + path }
	return respond(c, http.StatusOK, struct {
		Users    string `json:"users"`
		Rooms    string `json:"rooms"`
		Accesses string `json:"resource-accesses"`
	}{at("/users/"), at("/rooms/"), at("/resource-accesses/")})
}

// jwks serves /jwks: the keys to which a provider may encrypt (RFC 7517).
func (s *Server) jwks(c echo.Context) error {
	if s.config.PublicKeys == nil {
		return respond(c, http.StatusNotFound, struct {
			Error string `json:"error"`
		}{"OIDC_RS_PRIVATE_KEY_STR setting is missing or empty."})
	}
	return respond(c, http.StatusOK, s.config.PublicKeys)
}
