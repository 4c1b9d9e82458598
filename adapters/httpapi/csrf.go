package httpapi

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"meet/domain"
)

// csrf protects requests that a session cookie authorises: their origin must
// be ours and they must repeat the token of a cookie that only our pages read.
type csrf struct{ *Server }

const (
	csrfCookie  = "csrftoken"
	csrfHeader  = "X-CSRFToken"
	csrfField   = "csrfmiddlewaretoken"
	csrfSecret  = 32 // characters
	csrfMaxAge  = 31449600
	csrfLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
)

func csrfFailed(reason string) error {
	return &domain.Error{Kind: domain.Forbidden, Detail: "CSRF Failed: " + reason}
}

// renew gives the browser a fresh token.
func (t *csrf) renew(c echo.Context) {
	c.SetCookie(&http.Cookie{
		Name: csrfCookie, Value: domain.RandomText(csrfSecret, t.World.Pick), Path: "/", MaxAge: csrfMaxAge,
		SameSite: http.SameSiteLaxMode, Secure: t.secureCookies(c.Request()),
	})
}

// keep gives a signed-in browser a token when it has none that is usable.
func (t *csrf) keep(c echo.Context) {
	cookie, err := c.Request().Cookie(csrfCookie)
	if err != nil || malformed(cookie.Value) != "" {
		t.renew(c)
	}
}

// check refuses a request that another site may have made the browser send.
func (t *csrf) check(c echo.Context) error {
	if err := t.checkOrigin(c); err != nil {
		return err
	}
	cookie, err := c.Request().Cookie(csrfCookie)
	if err != nil {
		return csrfFailed("CSRF cookie not set.")
	}
	if fault := malformed(cookie.Value); fault != "" {
		return csrfFailed("CSRF cookie " + fault)
	}
	from, token, given := "the 'X-Csrftoken' HTTP header", "", false
	if values := c.Request().Header.Values(csrfHeader); len(values) > 0 {
		token, given = values[0], true
	} else if c.Request().Method == post {
		from = "POST"
		var err error
		if token, given, err = formField(c, csrfField); err != nil {
			return err
		}
	}
	if !given {
		return csrfFailed("CSRF token missing.")
	}
	if fault := malformed(token); fault != "" {
		return csrfFailed(fmt.Sprintf("CSRF token from %s %s", from, fault))
	}
	if subtle.ConstantTimeCompare([]byte(unmask(token)), []byte(unmask(cookie.Value))) != 1 {
		return csrfFailed(fmt.Sprintf("CSRF token from %s incorrect.", from))
	}
	return nil
}

func (t *csrf) checkOrigin(c echo.Context) error {
	request, own := c.Request(), t.origin(c)
	if values := request.Header.Values(echo.HeaderOrigin); len(values) > 0 {
		if values[0] != own && !t.trusted(values[0]) {
			return csrfFailed(fmt.Sprintf("Origin checking failed - %s does not match any trusted origins.", domain.Excerpt(values[0])))
		}
		return nil
	}
	if !t.https(request) {
		return nil
	}
	referer := request.Header.Get("Referer")
	if referer == "" {
		return csrfFailed("Referer checking failed - no Referer.")
	}
	parsed, err := url.Parse(referer)
	switch {
	case err != nil || parsed.Scheme == "" || parsed.Host == "":
		return csrfFailed("Referer checking failed - Referer is malformed.")
	case parsed.Scheme != "https":
		return csrfFailed("Referer checking failed - Referer is insecure while host is secure.")
	case parsed.Host != request.Host && !t.trusted("https://"+parsed.Host):
		return csrfFailed(fmt.Sprintf("Referer checking failed - %s does not match any trusted origins.", domain.Excerpt(referer)))
	}
	return nil
}

func (t *csrf) trusted(origin string) bool {
	for _, allowed := range t.config.TrustedOrigins {
		if origin == allowed {
			return true
		}
		scheme, domain, wildcard := strings.Cut(allowed, "://*")
		if host, same := strings.CutPrefix(origin, scheme+"://"); wildcard && same &&
			(strings.HasSuffix(host, domain) || host == strings.TrimPrefix(domain, ".")) {
			return true
		}
	}
	return false
}

// malformed says what is wrong with a token, "" for nothing.
func malformed(token string) string {
	if len(token) != csrfSecret && len(token) != 2*csrfSecret {
		return "has incorrect length."
	}
	for _, r := range token {
		if !strings.ContainsRune(csrfLetters, r) {
			return "has invalid characters."
		}
	}
	return ""
}

// unmask is the secret of a token: the token itself, or for a masked one the
// difference of its halves.
func unmask(token string) string {
	if len(token) == csrfSecret {
		return token
	}
	secret := make([]byte, csrfSecret)
	for i := range secret {
		key := strings.IndexByte(csrfLetters, token[i])
		sum := strings.IndexByte(csrfLetters, token[i+csrfSecret])
		secret[i] = csrfLetters[(sum-key+len(csrfLetters))%len(csrfLetters)]
	}
	return string(secret)
}
