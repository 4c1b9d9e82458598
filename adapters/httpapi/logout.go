package httpapi

import (
	"crypto/subtle"
	"log/slog"
	"net/http"
	"strings"

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

// logout serves GET and POST /logout/. Where the provider has a place to sign
// out the session lasts until the browser comes back from there.
func (h oidc) logout(c echo.Context) error {
	noStore(c)
	user, err := h.sessions.recognise(c)
	if err != nil {
		return err
	}
	if c.Request().Method == post {
		if err := h.csrf.check(c); err != nil {
			return err
		}
	}
	session, err := h.sessions.bag(c)
	if err != nil {
		return err
	}
	departure, err := h.SignOut.Start(c.Request().Context(), user, session.text(sessionIDToken), h.redirectURI(c, "/logout-callback/"))
	if err != nil { // the provider is away: we sign out what is ours
		slog.WarnContext(c.Request().Context(), "sign-out at the provider failed", "error", err)
	}
	if departure.URL == "" {
		return h.leave(c)
	}
	states := append(strings.Fields(session.text(sessionLogoutState)), departure.State)
	states = states[max(0, len(states)-maxLogoutStates):]
	if err := session.put(sessionLogoutState, strings.Join(states, " ")); err != nil {
		return err
	}
	return c.Redirect(http.StatusFound, departure.URL)
}

const maxLogoutStates = 5 // tabs in which one session signs out at a time

func (h oidc) leave(c echo.Context) error {
	if err := h.sessions.end(c); err != nil {
		return err
	}
	return c.Redirect(http.StatusFound, h.config.LogoutRedirect)
}

// logoutCallback serves GET /logout-callback/. Without a state nobody is
// signed out: some providers send the browser here before they are done.
func (h oidc) logoutCallback(c echo.Context) error {
	noStore(c)
	user, err := h.sessions.recognise(c)
	if err != nil {
		return err
	}
	state := c.QueryParam("state")
	if !user.SignedIn() || state == "" {
		return c.Redirect(http.StatusFound, h.config.LogoutRedirect)
	}
	session, err := h.sessions.bag(c)
	if err != nil {
		return err
	}
	for _, known := range strings.Fields(session.text(sessionLogoutState)) {
		if subtle.ConstantTimeCompare([]byte(known), []byte(state)) == 1 {
			return h.leave(c)
		}
	}
	return badRequest("Unknown sign-out state.")
}
