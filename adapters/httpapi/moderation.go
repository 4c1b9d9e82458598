package httpapi

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"meet/domain"
)

// meetings serves what moderators do with the people in a meeting.
type meetings struct{ *Server }

type statusView struct {
	Status string `json:"status"`
}

var success = statusView{"success"}

// mute serves POST /rooms/{key}/mute-participant/.
func (h meetings) mute(c echo.Context) error {
	room, caller, err := h.mayMute(c)
	if err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	identity, track := form.text("participant_identity", 0), form.text("track_sid", 255)
	if err := form.err(); err != nil {
		return err
	}
	if err := h.Moderation.Mute(c.Request().Context(), room, caller, *identity, *track); err != nil {
		return worded(err, "error", "Failed to mute participant")
	}
	return respond(c, http.StatusOK, success)
}

// mayMute is the room of the address, for those who may mute people in it: its
// moderators, and where the room allows it whoever has a pass for it.
func (h meetings) mayMute(c echo.Context) (domain.Room, *domain.Pass, error) {
	key, err := pathKey(c)
	if err != nil {
		return domain.Room{}, nil, err
	}
	pass := passOf(c)
	if pass == nil {
		view, err := h.Rooms.Find(c.Request().Context(), roomVisit(c), key, domain.Role.Privileged)
		return view.Room, nil, err
	}
	room, err := h.Rooms.Entered(c.Request().Context(), pass.Pass, key)
	if err == nil && !room.Configuration.EveryoneCanMute() {
		err = domain.ErrForbidden
	}
	return room, &pass.Pass, err
}

// muteAll serves POST /rooms/{key}/mute-all/.
func (h meetings) muteAll(c echo.Context) error {
	room, err := h.moderated(c)
	if err != nil {
		return err
	}
	muted, err := h.Moderation.MuteAll(c.Request().Context(), room.Room, actor(c))
	if err != nil {
		return worded(err, "error", "Failed to mute participants")
	}
	return respond(c, http.StatusOK, struct {
		Status string `json:"status"`
		Muted  int    `json:"muted"`
	}{"success", muted})
}

// end serves POST /rooms/{key}/end/.
func (h meetings) end(c echo.Context) error {
	room, err := h.moderated(c)
	if err != nil {
		return err
	}
	if err := h.Moderation.End(c.Request().Context(), room, actor(c)); err != nil {
		return worded(err, "error", "Failed to end meeting")
	}
	return respond(c, http.StatusOK, success)
}

// one reads the body's participant, in a room that the caller moderates.
func (h meetings) one(c echo.Context) (room domain.RoomView, identity string, err error) {
	if room, err = h.moderated(c); err != nil {
		return room, "", err
	}
	form, err := readForm(c)
	if err != nil {
		return room, "", err
	}
	text := form.text("participant_identity", 0)
	if err := form.err(); err != nil {
		return room, "", err
	}
	return room, *text, nil
}

// remove serves POST /rooms/{key}/remove-participant/.
func (h meetings) remove(c echo.Context) error {
	room, identity, err := h.one(c)
	if err != nil {
		return err
	}
	if err := h.Moderation.Remove(c.Request().Context(), room, actor(c), identity); err != nil {
		return worded(err, "error", "Failed to remove participant")
	}
	return respond(c, http.StatusOK, success)
}

// readmit serves POST /rooms/{key}/readmit-participant/.
func (h meetings) readmit(c echo.Context) error {
	room, identity, err := h.one(c)
	if err != nil {
		return err
	}
	if err := h.Moderation.Readmit(c.Request().Context(), room, actor(c), identity); err != nil {
		return worded(err, "error", "")
	}
	return respond(c, http.StatusOK, success)
}

// removed serves GET /rooms/{key}/removed-participants/.
func (h meetings) removed(c echo.Context) error {
	room, err := h.moderated(c)
	if err != nil {
		return err
	}
	bans, err := h.Bans.List(c.Request().Context(), room.ID)
	if err != nil {
		return err
	}
	type banView struct {
		ID        string    `json:"id"`
		Name      string    `json:"name"`
		RemovedAt time.Time `json:"removed_at"`
	}
	views := make([]banView, 0, len(bans))
	for _, ban := range bans {
		views = append(views, banView{ban.Identity, ban.Name, ban.CreatedAt})
	}
	return respond(c, http.StatusOK, struct {
		Participants []banView `json:"participants"`
	}{views})
}
