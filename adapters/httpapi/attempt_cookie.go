package httpapi

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"meet/domain"
)

// attemptCookies keep sign-in attempts in the browsers that began them, so
// that strangers leave nothing behind on the server. Each attempt has a cookie
// of its own, encrypted and bound to its OAuth state: tabs do not disturb each
// other, and no browser can read, make or exchange one.
type attemptCookies struct {
	*Server
	aead cipher.AEAD
}

const (
	maxAttempts     = 10   // that one browser remembers
	maxAttemptBytes = 4096 // of all their cookies, which proxies have to take
)

func newAttemptCookies(s *Server) (*attemptCookies, error) {
	key, err := hkdf.Key(sha256.New, []byte(s.config.Secret), nil, "sign-in attempt cookie", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("key of the sign-in attempts: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("key of the sign-in attempts: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("key of the sign-in attempts: %w", err)
	}
	return &attemptCookies{s, aead}, nil
}

// prefix begins the names of these cookies.
func (a *attemptCookies) prefix(request *http.Request) string {
	if a.secureCookies(request) {
		return "__Host-meet_sign_in_" // RFC 6265bis: not settable by other hosts
	}
	return "meet_sign_in_"
}

// name is the cookie of the attempt with the state.
func (a *attemptCookies) name(request *http.Request, state string) string {
	return a.prefix(request) + state[:min(len(state), 8)]
}

// seal is the attempt as only this server, and with the state, can read it.
func (a *attemptCookies) seal(attempt domain.SignInAttempt) string {
	text := strings.Join([]string{
		strconv.FormatInt(attempt.ExpiresAt.Unix(), 10), strconv.FormatBool(attempt.Silent), attempt.Nonce, attempt.Verifier, attempt.ReturnTo,
	}, "\n") // safe places to return to hold no line ends
	sealed := a.aead.Seal(nil, nil, []byte(text), []byte(attempt.State)) //nolint:gosec // it draws a nonce for each
	return base64.RawURLEncoding.EncodeToString(sealed)
}

// open is the attempt of the state, the zero value for one that this browser
// did not begin.
func (a *attemptCookies) open(c echo.Context, state string) domain.SignInAttempt {
	cookie, err := c.Request().Cookie(a.name(c.Request(), state))
	if err != nil {
		return domain.SignInAttempt{}
	}
	sealed, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil {
		return domain.SignInAttempt{}
	}
	text, err := a.aead.Open(nil, nil, sealed, []byte(state))
	parts := strings.SplitN(string(text), "\n", 5)
	if err != nil || len(parts) != 5 {
		return domain.SignInAttempt{}
	}
	expires, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return domain.SignInAttempt{}
	}
	return domain.SignInAttempt{
		State: state, ExpiresAt: time.Unix(expires, 0), Silent: parts[1] == "true", Nonce: parts[2], Verifier: parts[3], ReturnTo: parts[4],
	}
}

// keep gives the browser its attempt. One that has begun very many and come
// back from none forgets the oldest, which it sends first (RFC 6265, 5.4).
func (a *attemptCookies) keep(c echo.Context, attempt domain.SignInAttempt) {
	sealed, prefix := a.seal(attempt), a.prefix(c.Request())
	var pending []*http.Cookie
	size := len(prefix) + len(sealed)
	for _, cookie := range c.Cookies() {
		if strings.HasPrefix(cookie.Name, prefix) {
			pending = append(pending, cookie)
			size += len(cookie.Name) + len(cookie.Value)
		}
	}
	for len(pending) >= maxAttempts || len(pending) > 0 && size > maxAttemptBytes {
		a.set(c, pending[0].Name, "", -1)
		size -= len(pending[0].Name) + len(pending[0].Value)
		pending = pending[1:]
	}
	a.set(c, a.name(c.Request(), attempt.State), sealed, int(domain.SignInTTL.Seconds()))
}

// forget takes the attempt of the state away from the browser.
func (a *attemptCookies) forget(c echo.Context, state string) {
	if name := a.name(c.Request(), state); len(c.Request().CookiesNamed(name)) > 0 {
		a.set(c, name, "", -1)
	}
}

func (a *attemptCookies) set(c echo.Context, name, value string, maxAge int) {
	c.SetCookie(&http.Cookie{ //nolint:gosec // Secure where the request is
		Name: name, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: a.secureCookies(c.Request()),
	})
}
