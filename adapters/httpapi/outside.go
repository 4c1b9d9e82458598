package httpapi

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"meet/domain"
)

// ifOn makes an endpoint that is switched off look as if it did not exist.
func (s *Server) ifOn(on bool, handle echo.HandlerFunc) echo.HandlerFunc {
	if on {
		return handle
	}
	return func(echo.Context) error { return domain.ErrNotFound }
}

// webhook serves POST /rooms/webhooks-livekit/. What is answered with success
// is kept and will be handled.
func (s *Server) webhook(c echo.Context) error {
	request := c.Request()
	authorization := request.Header.Get(echo.HeaderAuthorization)
	if authorization == "" {
		return respond(c, http.StatusUnauthorized, statusView{"error"})
	}
	err := s.Events.Receive(request.Context(), authorization, func() ([]byte, error) { // once the token is LiveKit's
		body := bodyOf(c)
		body.known()
		return body.bytes()
	})
	if refused, is := errors.AsType[*refusal](err); is { // the body could not be read
		return refused
	}
	switch domain.KindOf(err) {
	case domain.Invalid:
		slog.WarnContext(request.Context(), "webhook refused", "address", addressOf(c))
		return respond(c, http.StatusBadRequest, statusView{"error"})
	case domain.Unavailable:
		slog.ErrorContext(request.Context(), "webhook not kept", "error", err)
		return respond(c, http.StatusServiceUnavailable, statusView{"error"})
	}
	if err != nil {
		slog.ErrorContext(request.Context(), "webhook not kept", "error", err)
		return respond(c, http.StatusInternalServerError, statusView{"error"})
	}
	return respond(c, http.StatusOK, success)
}

// joinDevice serves POST /roomkit/join/.
func (s *Server) joinDevice(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	pin := form.text("pin_code", 0)
	if pin != nil && utf8.RuneCountInString(*pin) != s.config.RoomkitPinLength {
		form.refuse("pin_code", "PIN code length is invalid.")
	}
	if err := form.err(); err != nil {
		return err
	}
	if err := s.DialIn.Join(c.Request().Context(), *pin); err != nil {
		return worded(err, "detail", "Could not create dispatch rule.")
	}
	return respond(c, http.StatusOK, success)
}

// testConnection serves POST /diagnostics/connection/.
func (s *Server) testConnection(c echo.Context) error {
	entrance, ttl, err := s.Rooms.TestConnection(c.Request().Context(), roomVisit(c))
	if err != nil {
		return err
	}
	type testView struct {
		liveKitView
		ExpiresIn int `json:"expires_in"`
	}
	return respond(c, http.StatusOK, struct {
		LiveKit testView `json:"livekit"`
	}{testView{liveKitView{s.config.LiveKitURL, entrance.LiveKitRoom, entrance.Token}, int(ttl.Seconds())}})
}

// maxInvitations is to how many people one request may write, where the rate
// limit allows as many at once.
const maxInvitations = 100

// invite serves POST /rooms/{key}/invite/.
func (s *Server) invite(c echo.Context) error {
	room, err := s.moderated(c)
	if err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	emails := form.emails("emails", min(maxInvitations, s.config.Rates.Invitations.Limit))
	if err := form.err(); err != nil {
		return err
	}
	if err := s.throttles.charge(c, throttleInvitations, len(emails)); err != nil {
		return err
	}
	if err := s.Invitations.Invite(c.Request().Context(), actor(c), room.Room, s.language(c), emails); err != nil {
		return err
	}
	return respond(c, http.StatusOK, struct {
		statusView
		Message string `json:"message"`
	}{success, "invitations sent"})
}

// language is the offered one that suits the request best: that of the cookie
// django_language, else of Accept-Language, else the first.
func (s *Server) language(c echo.Context) string {
	if cookie, err := c.Request().Cookie("django_language"); err == nil {
		for _, offered := range s.config.Languages {
			if strings.EqualFold(offered, cookie.Value) {
				return offered
			}
		}
	}
	return matchLanguage(c.Request().Header.Get("Accept-Language"), s.config.Languages, s.config.Client.LanguageCode)
}
