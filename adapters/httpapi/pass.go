package httpapi

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"meet/domain"
)

// bearer is somebody known by a LiveKit access token.
type bearer struct {
	domain.Pass
	User domain.User // whose account the identity belongs to, a stranger for nobody's
}

const bearerKey = "bearer"

// passOf is the holder of the request's LiveKit access token, nil when there
// is none.
func passOf(c echo.Context) *bearer {
	pass, _ := c.Get(bearerKey).(*bearer)
	return pass
}

var (
	errNoPass      = &refusal{status: http.StatusForbidden, detail: domain.ErrUnauthenticated.Detail}
	errBearerForm  = &refusal{status: http.StatusForbidden, detail: "Authorization header must be: Bearer <token>"}
	errPassRevoked = &refusal{status: http.StatusForbidden, detail: "Invalid LiveKit token: the account is not active"}
)

// readPass checks the LiveKit access token of the Authorization header; found
// is false when there is no such header.
func (s *Server) readPass(c echo.Context) (found bool, err error) {
	header := c.Request().Header.Get(echo.HeaderAuthorization)
	if header == "" {
		return false, nil
	}
	parts := strings.Fields(header)
	if len(parts) != 2 || !strings.EqualFold(parts[0], "bearer") {
		return true, errBearerForm
	}
	pass, err := s.Passes.Verify(parts[1])
	if err != nil {
		return true, err
	}
	user, err := s.accountOf(c.Request().Context(), pass)
	if err == nil && user.SignedIn() && !user.IsActive {
		err = errPassRevoked
	}
	if err != nil {
		return true, err
	}
	c.Set(bearerKey, &bearer{pass, user})
	return true, nil
}

func (s *Server) accountOf(ctx context.Context, pass domain.Pass) (domain.User, error) {
	user, err := s.Users.BySub(ctx, pass.Identity)
	if errors.Is(err, domain.ErrUserNotFound) {
		return domain.User{}, nil
	}
	return user, err
}

// readDevice checks the token by which LiveKit's SIP side calls.
func (s *Server) readDevice(c echo.Context) error {
	token, header := s.config.RoomkitToken, c.Request().Header.Get(echo.HeaderAuthorization)
	given, is := strings.CutPrefix(header, "Bearer ")
	detail := ""
	switch {
	case token == "":
		detail = "Server-to-server token is not configured."
	case header == "":
		detail = "Authorization header is missing."
	case !is || given == "" || strings.ContainsAny(given, " \t"):
		detail = "Invalid authorization header."
	case subtle.ConstantTimeCompare([]byte(given), []byte(token)) != 1:
		detail = "Invalid server-to-server token."
	default:
		return nil
	}
	s.World.Warn(c.Request().Context(), "a device was refused", "reason", detail, "address", addressOf(c))
	return &refusal{
		status: http.StatusUnauthorized, detail: detail,
		header: map[string]string{echo.HeaderWWWAuthenticate: "Bearer realm='Roomkit server to server'"},
	}
}
