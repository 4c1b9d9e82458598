package httpapi

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meet/domain"
)

// change serves POST /rooms/{key}/update-participant/.
func (h meetings) change(c echo.Context) error {
	room, err := h.moderated(c)
	if err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	identity := form.text("participant_identity", 0)
	change, err := form.participantChange(h.config.ForbiddenPermissions)
	if err != nil {
		return err
	}
	if err := form.err(); err != nil {
		return err
	}
	if err := h.Moderation.Change(c.Request().Context(), room.ID.String(), *identity, change); err != nil {
		return worded(err, "error", "Failed to update participant")
	}
	return respond(c, http.StatusOK, success)
}

// promote serves POST /rooms/{key}/update-participant-role/.
func (h meetings) promote(c echo.Context) error {
	room, err := h.moderated(c)
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), actor(c)
	if err := h.Moderation.Connected(ctx, room.Room, actor); err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	identity := form.text("participant_identity", 0)
	role := requiredChoice(form, "role", func(text string) (domain.Role, bool) {
		role, known := domain.ParseRole(text)
		return role, known && role != domain.Owner
	})
	if err := form.err(); err != nil {
		return err
	}
	synced, err := h.Moderation.Promote(ctx, room, actor, *identity, *role)
	if err != nil {
		return worded(err, "error", "Failed to update participant role")
	}
	return respond(c, http.StatusOK, struct {
		Role   domain.Role `json:"role"`
		Synced bool        `json:"livekit_synced"`
	}{*role, synced})
}

// entered checks that the caller's pass is for the room of the address.
func (h meetings) entered(c echo.Context) (*bearer, domain.Room, error) {
	key, err := pathKey(c)
	if err != nil {
		return nil, domain.Room{}, err
	}
	pass := passOf(c)
	room, err := h.Rooms.Entered(c.Request().Context(), pass.Pass, key)
	return pass, room, err
}

// hand serves POST /rooms/{key}/toggle-hand/.
func (h meetings) hand(c echo.Context) error {
	pass, _, err := h.entered(c)
	if err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	raised := form.boolean("raised")
	if err := form.err(); err != nil {
		return err
	}
	if err := h.Moderation.RaiseHand(c.Request().Context(), pass.Pass, *raised); err != nil {
		return worded(err, "error", "Failed to update participant hand state")
	}
	return respond(c, http.StatusOK, success)
}

// rename serves POST /rooms/{key}/rename/.
func (h meetings) rename(c echo.Context) error {
	pass, _, err := h.entered(c)
	if err != nil {
		return err
	}
	if pass.User.SignedIn() && !h.config.Client.MayEditName {
		return domain.ErrForbidden
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	name := form.participantName("name")
	if err := form.err(); err != nil {
		return err
	}
	change := domain.ParticipantChange{Name: *name}
	if err := h.Moderation.Change(c.Request().Context(), pass.Room, pass.Identity, change); err != nil {
		return worded(err, "error", "Failed to rename participant")
	}
	return respond(c, http.StatusOK, success)
}

// noPass refuses callers without a LiveKit access token, and before that a
// room that does not exist.
func (h meetings) noPass(c echo.Context) error {
	key, err := pathKey(c)
	if err != nil {
		return err
	}
	if _, err := h.Rooms.Find(c.Request().Context(), roomVisit(c), key, func(domain.Role) bool { return true }); err != nil {
		return err
	}
	return errNoPass
}

// subtitles serves POST /rooms/{key}/start-subtitle/.
func (h meetings) subtitles(c echo.Context) error {
	if passOf(c) == nil {
		return h.noPass(c)
	}
	pass, room, err := h.entered(c)
	if err != nil {
		return err
	}
	if err := h.Subtitles.Start(c.Request().Context(), room, pass.Pass); err != nil {
		return worded(err, "error", "Subtitles failed to start for room "+room.Slug)
	}
	return respond(c, http.StatusOK, success)
}
