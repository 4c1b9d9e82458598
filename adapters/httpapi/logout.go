package httpapi

import (
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"
)

func (h oidc) logoutMethods() methods {
	if h.config.LogoutByGet {
		return methods{get: h.readable(h.logout), post: h.readable(h.logout)}
	}
	return methods{post: h.readable(h.logout)}
}

// readable explains the failures of a handler to people.
func (h oidc) readable(handle echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := handle(c); err != nil {
			return h.explain(c, err)
		}
		return nil
	}
}

// logout serves GET and POST /logout/. Our session ends first, whatever the
// provider does; the trip to where the provider signs out is a courtesy.
func (h oidc) logout(c echo.Context) error {
	user, err := h.sessions.recognise(c)
	if err != nil {
		return err
	}
	if c.Request().Method == post {
		if err := h.csrf.check(c); err != nil {
			return err
		}
	}
	idToken, err := h.sessions.idToken(c, user)
	if err != nil {
		return err
	}
	if err := h.sessions.end(c); err != nil {
		return err
	}
	target, err := h.SignOut.Start(c.Request().Context(), user, idToken, h.redirectURI(c, "/logout-callback/"))
	if err != nil {
		slog.WarnContext(c.Request().Context(), "sign-out at the provider failed", "error", logged(err))
	}
	if target == "" {
		target = h.config.LogoutRedirect
	}
	return c.Redirect(http.StatusFound, target)
}

// logoutCallback serves GET /logout-callback/, to which the provider sends
// browsers that are signed out already. It signs nobody out: anybody can link
// to it.
func (h oidc) logoutCallback(c echo.Context) error {
	return c.Redirect(http.StatusFound, h.config.LogoutRedirect)
}
