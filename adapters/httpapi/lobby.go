package httpapi

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"meet/application/lobby"
	"meet/domain"
)

// lobbies serves what happens at the door of rooms.
type lobbies struct{ *Server }

// entryView is somebody who knocked.
type entryView struct {
	Status   domain.LobbyStatus `json:"status"`
	Username string             `json:"username"`
	ID       string             `json:"id"`
	Color    string             `json:"color"`
}

func viewEntry(e domain.LobbyEntry) entryView {
	return entryView{Status: e.Status, Username: e.Username, ID: e.ID, Color: e.Color}
}

// knock serves POST /rooms/{key}/request-entry/.
func (h lobbies) knock(c echo.Context) error {
	username, err := h.username(c)
	if err != nil {
		return err
	}
	key, err := pathKey(c)
	if err != nil {
		return err
	}
	wait, held := applyWait(c), mayHold(c)
	visit := h.visitor(c, username)
	if held != nil {
		visit.Wait = wait
	}
	answer, err := h.Lobby.Knock(c.Request().Context(), visit, key)
	if err != nil {
		return err
	}
	if held != nil && wait > 0 && answer.Status == domain.Waiting {
		held.id, held.room, held.wait, held.username = visit.ID, answer.Room, wait, username
		return errHeld
	}
	h.lobbyCookies.keep(c, visit.ID)
	view := struct {
		entryView
		LiveKit *liveKitView `json:"livekit"`
	}{entryView: viewEntry(answer.LobbyEntry)}
	if answer.LiveKitRoom != "" {
		view.LiveKit = &liveKitView{URL: h.config.LiveKitURL, Room: answer.LiveKitRoom, Token: answer.Token}
	}
	return respond(c, http.StatusOK, view)
}

// username is the name that somebody knocks by.
func (h lobbies) username(c echo.Context) (string, error) {
	if held := holdOf(c); held != nil && held.spent {
		return held.username, nil
	}
	form, err := readForm(c)
	if err != nil {
		return "", err
	}
	username := form.text("username", 0)
	if err := form.err(); err != nil {
		return "", err
	}
	return *username, checkUsername(*username)
}

// visitor is who knocks: a browser that was given its id before, or is now.
func (h lobbies) visitor(c echo.Context, username string) lobby.Visit {
	arrival, id := arrived(c), h.lobbyCookies.id(c)
	if held := holdOf(c); id == "" && held != nil {
		id = held.id // given to it before it waited
	}
	visit := lobby.Visit{User: arrival.User, Seen: arrival.Room, Username: username, ID: id, Known: id != ""}
	if !arrival.User.SignedIn() { // whoever is signed in has one account and few browsers
		visit.From = domain.Networks(addressOf(c))
	}
	if !visit.Known {
		visit.ID = h.World.NewID().String()
	}
	return visit
}

// decide serves POST /rooms/{key}/enter/.
func (h lobbies) decide(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	id, allow := form.uuid("participant_id"), form.boolean("allow_entry")
	if err := form.err(); err != nil {
		return err
	}
	room, err := h.moderated(c)
	if err != nil {
		return err
	}
	if err := h.Lobby.Decide(c.Request().Context(), room, actor(c), *id, *allow); err != nil {
		return worded(err, "message", "")
	}
	return respond(c, http.StatusOK, struct {
		Message string `json:"message"`
	}{"Participant was updated."})
}

// waiting serves GET /rooms/{key}/waiting-participants/.
func (h lobbies) waiting(c echo.Context) error {
	room, err := h.moderated(c)
	if err != nil {
		return err
	}
	tags := strings.Join(c.Request().Header.Values("If-None-Match"), ",")
	var known func([]domain.LobbyEntry) bool
	if tags != "" {
		known = func(list []domain.LobbyEntry) bool { return tagged(tags, digestOf(list)) }
	}
	list, err := h.Lobby.Waiting(c.Request().Context(), room, applyWait(c), known)
	if err != nil {
		return err
	}
	c.Response().Header().Set("ETag", digestOf(list))
	if known != nil && known(list) {
		return c.NoContent(http.StatusNotModified)
	}
	views := make([]entryView, 0, len(list))
	for _, entry := range list {
		views = append(views, viewEntry(entry))
	}
	return respond(c, http.StatusOK, struct {
		Participants []entryView `json:"participants"`
	}{views})
}

// tagged reports whether the tag is among those of an If-None-Match, by weak
// comparison (RFC 9110, 13.1.2): proxies weaken tags.
func tagged(tags, tag string) bool {
	for _, one := range strings.Split(tags, ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}

// digestOf is the entity tag of a list (RFC 9110, 8.8.3).
func digestOf(list []domain.LobbyEntry) string {
	if len(list) == 0 {
		list = nil
	}
	text, err := json.Marshal(list)
	if err != nil { // texts alone cannot fail
		return ""
	}
	sum := sha256.Sum256(text)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
}

// moderated is the room of the address, for people who may moderate it.
func (s *Server) moderated(c echo.Context) (domain.RoomView, error) {
	key, err := pathKey(c)
	if err != nil {
		return domain.RoomView{}, err
	}
	return s.Rooms.Moderated(c.Request().Context(), roomVisit(c), key)
}
