package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"meet/application/signin"
	"meet/domain"
)

// oidc serves the browser's way to the provider and back.
type oidc struct{ *Server }

// tripCookie begins the names of cookies that bind trips to the provider to
// the browser that began them: one each, so that tabs do not disturb each other.
func (h oidc) tripCookie(request *http.Request) string {
	if h.secureCookies(request) {
		return "__Host-meet_trip_" // RFC 6265bis: not settable by other hosts
	}
	return "meet_trip_"
}

// mark is the part of a state that names its cookie.
func mark(state string) string { return state[:min(len(state), 8)] }

const (
	tripSecret = 32 // characters
	maxTrips   = 10 // that one browser remembers
)

// browser is a digest of the secret that the browser holds for the trip, ""
// when it has none.
func (h oidc) browser(c echo.Context, state string) string {
	cookie, err := c.Request().Cookie(h.tripCookie(c.Request()) + mark(state))
	if err != nil || len(cookie.Value) != tripSecret {
		return ""
	}
	return digest(cookie.Value)
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// setTrip gives the browser the secret of a trip, or takes it away.
func (h oidc) setTrip(c echo.Context, name, secret string, maxAge int) {
	c.SetCookie(&http.Cookie{
		Name: name, Value: secret, Path: "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: h.secureCookies(c.Request()),
	})
}

// remember gives the browser the secret of the trip. One that has begun very
// many and come back from none forgets those.
func (h oidc) remember(c echo.Context, state, secret string) {
	prefix := h.tripCookie(c.Request())
	var pending []string
	for _, cookie := range c.Cookies() {
		if strings.HasPrefix(cookie.Name, prefix) {
			pending = append(pending, cookie.Name)
		}
	}
	if len(pending) >= maxTrips {
		for _, name := range pending {
			h.setTrip(c, name, "", -1)
		}
	}
	h.setTrip(c, prefix+mark(state), secret, int(domain.SignInTTL.Seconds()))
}

func (h oidc) redirectURI(c echo.Context, path string) string {
	return h.origin(c) + API + path
}

// authenticate serves GET /authenticate/.
func (h oidc) authenticate(c echo.Context) error {
	noStore(c)
	silent := strings.EqualFold(c.QueryParam("silent"), "true")
	secret := domain.RandomText(tripSecret, h.World.Pick)
	trip, err := h.SignIn.Start(c.Request().Context(), signin.StartInput{
		Browser:     digest(secret),
		Host:        c.Request().Host,
		ReturnTo:    c.QueryParam(h.config.ReturnToField),
		Silent:      silent,
		LoginHint:   c.QueryParam("login_hint"),
		RedirectURI: h.redirectURI(c, "/callback/"),
	})
	if err == nil {
		h.remember(c, trip.State, secret)
		return c.Redirect(http.StatusFound, trip.URL)
	}
	h.Meter.SignIn(domain.SignInFailed)
	slog.ErrorContext(c.Request().Context(), "sign-in cannot start", "error", err)
	if silent {
		return c.Redirect(http.StatusFound, h.home(c, c.QueryParam(h.config.ReturnToField)))
	}
	return h.explain(c, err)
}

// home is where a browser goes that asked to return to target.
func (h oidc) home(c echo.Context, target string) string {
	if h.SignIn.SafeReturn(target, c.Request().Host) {
		return target
	}
	return h.config.LoginRedirect
}

// callback serves GET /callback/. Nothing goes wrong visibly in a silent
// sign-in; other failures end at the failure address.
func (h oidc) callback(c echo.Context) error {
	noStore(c)
	if _, err := h.sessions.recognise(c); err != nil {
		return h.explain(c, err)
	}
	state := c.QueryParam("state")
	result, err := h.SignIn.Finish(c.Request().Context(), signin.FinishInput{
		Browser:     h.browser(c, state),
		State:       state,
		Code:        c.QueryParam("code"),
		Error:       c.QueryParam("error"),
		Issuer:      c.QueryParam("iss"),
		RedirectURI: h.redirectURI(c, "/callback/"),
	})
	h.Meter.SignIn(result.Outcome(err))
	back := h.config.LoginRedirect
	if result.Attempt.ReturnTo != "" {
		back = result.Attempt.ReturnTo
	}
	if err != nil {
		return h.failed(c, result, back, err)
	}
	if !result.User.SignedIn() { // a silent trip that found nobody
		return c.Redirect(http.StatusFound, back)
	}
	if err := h.sessions.begin(c, result.User, result.Identity); err != nil {
		return h.explain(c, err)
	}
	h.csrf.renew(c)
	h.setTrip(c, h.tripCookie(c.Request())+mark(state), "", -1)
	return c.Redirect(http.StatusFound, back)
}

func (h oidc) failed(c echo.Context, result signin.Result, back string, err error) error {
	slog.WarnContext(c.Request().Context(), "sign-in failed", "error", err, "silent", result.Attempt.Silent)
	if result.Attempt.Silent {
		return c.Redirect(http.StatusFound, back)
	}
	kind := domain.KindOf(err)
	if kind != domain.Forbidden && kind != domain.Invalid {
		return h.explain(c, err)
	}
	if result.Known && c.QueryParam("error") != "" {
		if err := h.sessions.end(c); err != nil {
			return h.explain(c, err)
		}
	}
	return c.Redirect(http.StatusFound, h.config.LoginFailure)
}

// explain answers a browser that cannot go on: a small page, or JSON for
// programs.
func (h oidc) explain(c echo.Context, err error) error {
	if !strings.Contains(c.Request().Header.Get(echo.HeaderAccept), "text/html") {
		return err
	}
	status, _ := h.translate(err, c)
	if status >= http.StatusInternalServerError {
		slog.ErrorContext(c.Request().Context(), "request failed", "error", err, "status", status)
	}
	if status < http.StatusInternalServerError {
		return page(c, status, "This link does not work any more", "Please go back and try again.")
	}
	return page(c, status, "Sign-in is not available", "The sign-in service cannot be reached at the moment. Please try again in a minute.")
}

func noStore(c echo.Context) {
	c.Response().Header().Set("Cache-Control", "no-store")
}

// backchannel serves POST /backchannel-logout/ (OIDC Back-Channel Logout 1.0).
func (h oidc) backchannel(c echo.Context) error {
	noStore(c)
	token, given, err := formField(c, "logout_token")
	if err != nil {
		return err
	}
	if !given || token == "" {
		return h.invalidLogout(c, "Missing logout_token parameter")
	}
	err = h.SignOut.Notified(c.Request().Context(), token)
	known, isKnown := errors.AsType[*domain.Error](err)
	switch {
	case err == nil:
		return noContent(c)
	case isKnown && known.Kind == domain.Invalid:
		slog.WarnContext(c.Request().Context(), "logout token refused", "error", err)
		return h.invalidLogout(c, known.Detail)
	default:
		return err
	}
}

func (h oidc) invalidLogout(c echo.Context, text string) error {
	return respond(c, http.StatusBadRequest, struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}{"invalid_request", text})
}
