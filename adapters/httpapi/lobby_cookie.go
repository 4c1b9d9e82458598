package httpapi

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// lobbyCookies name browsers towards the lobby: a random id and our signature
// on it, so that nobody can choose the identity of somebody else.
type lobbyCookies struct {
	*Server
	key []byte
}

func newLobbyCookies(s *Server) (*lobbyCookies, error) {
	key, err := hkdf.Key(sha256.New, []byte(s.config.Secret), nil, "lobby cookie", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("key of the lobby's cookies: %w", err)
	}
	return &lobbyCookies{s, key}, nil
}

func (l *lobbyCookies) sign(id string) string {
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte(id))
	return id + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// id is the browser's, "" for one without a cookie of ours.
func (l *lobbyCookies) id(c echo.Context) string {
	cookie, err := c.Request().Cookie(l.config.LobbyCookie)
	if err != nil {
		return ""
	}
	id, _, _ := strings.Cut(cookie.Value, ".")
	if parsed, err := uuid.Parse(id); err != nil || parsed.String() != id || !hmac.Equal([]byte(l.sign(id)), []byte(cookie.Value)) {
		return ""
	}
	return id
}

// browser is the id of the browser, a new one unless it brought one.
func (l *lobbyCookies) browser(c echo.Context) (id string, known bool) {
	if id = l.id(c); id != "" {
		return id, true
	}
	return l.World.NewID().String(), false
}

// keep gives the browser its id, for as long as it runs.
func (l *lobbyCookies) keep(c echo.Context, id string) {
	c.SetCookie(&http.Cookie{ //nolint:gosec // Secure where the request is
		Name: l.config.LobbyCookie, Value: l.sign(id), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: l.secureCookies(c.Request()),
	})
}
