package httpapi

import (
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

func (h oidc) redirectURI(c echo.Context, path string) string {
	return h.origin(c) + API + path
}

// authenticate serves GET /authenticate/.
func (h oidc) authenticate(c echo.Context) error {
	silent := strings.EqualFold(query(c, "silent"), "true")
	trip, err := h.SignIn.Start(c.Request().Context(), signin.StartInput{
		Host:        c.Request().Host,
		ReturnTo:    query(c, h.config.ReturnToField),
		Silent:      silent,
		LoginHint:   query(c, "login_hint"),
		RedirectURI: h.redirectURI(c, "/callback/"),
	})
	if err == nil {
		h.attempts.keep(c, trip.Attempt)
		return c.Redirect(http.StatusFound, trip.URL)
	}
	h.Meter.SignIn(domain.SignInFailed)
	slog.ErrorContext(c.Request().Context(), "sign-in cannot start", "error", logged(err))
	if silent {
		return c.Redirect(http.StatusFound, h.home(c, query(c, h.config.ReturnToField)))
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
	if _, err := h.sessions.recognise(c); err != nil {
		return h.explain(c, err)
	}
	state := query(c, "state")
	result, err := h.SignIn.Finish(c.Request().Context(), signin.FinishInput{
		Attempt:     h.attempts.open(c, state),
		Code:        query(c, "code"),
		Error:       domain.Excerpt(query(c, "error")),
		Description: domain.Excerpt(query(c, "error_description")),
		Issuer:      query(c, "iss"),
		RedirectURI: h.redirectURI(c, "/callback/"),
	})
	outcome := result.Outcome(err)
	h.Meter.SignIn(outcome)
	if outcome != domain.SignInNobody && outcome != domain.SignInFailed { // from those the browser may come again
		h.attempts.forget(c, state)
	}
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
	return c.Redirect(http.StatusFound, back)
}

func (h oidc) failed(c echo.Context, result signin.Result, back string, err error) error {
	slog.WarnContext(c.Request().Context(), "sign-in failed", "error", logged(err), "silent", result.Attempt.Silent)
	if result.Attempt.Silent {
		return c.Redirect(http.StatusFound, back)
	}
	kind := domain.KindOf(err)
	if kind != domain.Forbidden && kind != domain.Invalid {
		return h.explain(c, err)
	}
	if result.Known && query(c, "error") != "" {
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
		slog.ErrorContext(c.Request().Context(), "request failed", "error", logged(err), "status", status)
	}
	if status < http.StatusInternalServerError {
		return page(c, status, "This link does not work any more", "Please go back and try again.")
	}
	return page(c, status, "Sign-in is not available", "The sign-in service cannot be reached at the moment. Please try again in a minute.")
}

// backchannel serves POST /backchannel-logout/ (OIDC Back-Channel Logout 1.0).
func (h oidc) backchannel(c echo.Context) error {
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
		slog.WarnContext(c.Request().Context(), "logout token refused", "error", logged(err))
		return h.invalidLogout(c, known.Detail)
	case errors.Is(err, domain.ErrLogoutUnverified): // a stranger's doing, perhaps
		slog.WarnContext(c.Request().Context(), "logout token not verified", "error", err)
		c.Response().Header().Set("Retry-After", "10") // seconds between two downloads of the keys
		return respond(c, http.StatusServiceUnavailable, detail{known.Detail})
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
