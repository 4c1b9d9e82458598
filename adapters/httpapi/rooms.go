package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"meet/application/room"
	"meet/domain"
)

// rooms serves /rooms/.
type rooms struct{ *Server }

// list serves GET /rooms/.
func (h rooms) list(c echo.Context) error {
	visit, err := visit(c)
	if err != nil {
		return err
	}
	page := readPage(c, true)
	found, err := h.Rooms.List(c.Request().Context(), visit, page)
	if err != nil {
		return err
	}
	var views []roomView
	for _, entrance := range found.Items {
		views = append(views, h.view(entrance, visit.User))
	}
	return respondPage(c, h.Server, page, found.Count, views)
}

// get serves GET /rooms/{key}/.
func (h rooms) get(c echo.Context) error {
	key, err := pathKey(c)
	if err != nil {
		return err
	}
	visit, err := visit(c)
	if err != nil {
		return err
	}
	stranger := !visit.User.SignedIn()
	if stranger {
		visit.Browser, visit.Known = h.lobbyCookies.browser(c)
	}
	entrance, err := h.Rooms.Get(c.Request().Context(), visit, key)
	if err != nil {
		return err
	}
	if stranger && !visit.Known && entrance.Token != "" {
		h.lobbyCookies.keep(c, visit.Browser)
	}
	if entrance.Temporary {
		return respond(c, http.StatusOK, h.viewTemporary(entrance))
	}
	return respond(c, http.StatusOK, h.view(entrance, visit.User))
}

// create serves POST /rooms/.
func (h rooms) create(c echo.Context) error {
	visit, err := visit(c)
	if err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	name := form.text("name", domain.MaxRoomName)
	in := room.CreateInput{
		AccessLevel:   choice(form, "access_level", domain.ParseAccessLevel),
		Configuration: form.configuration("configuration"),
		CallbackID:    callbackID(form.values["callback_id"]),
	}
	if len(in.CallbackID) > maxCallbackID {
		form.refuse("callback_id", "Ensure this field has no more than %d characters.", maxCallbackID)
	}
	if err := form.err(); err != nil {
		return err
	}
	in.Name = *name
	created, err := h.Rooms.Create(c.Request().Context(), visit, in)
	if err != nil {
		return err
	}
	return respond(c, http.StatusCreated, h.view(created, visit.User))
}

const maxCallbackID = 4096 // characters; the reference has no limit

// callbackID is the secret under which the new room can be asked for, "" for
// values that count as none.
func callbackID(value any) string {
	switch v := value.(type) {
	case nil, bool:
		if v == true {
			return "True"
		}
		return ""
	case json.Number:
		if number, err := v.Float64(); err == nil && number == 0 {
			return ""
		}
		return v.String()
	case string:
		return v
	default:
		text, err := json.Marshal(v)
		if err != nil || string(text) == "[]" || string(text) == "{}" {
			return ""
		}
		return string(text)
	}
}

// created serves POST /rooms/creation-callback/.
func (h rooms) created(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	secret := form.text("callback_id", 0)
	if err := form.err(); err != nil {
		return err
	}
	slug, err := h.Rooms.Created(c.Request().Context(), *secret)
	if err != nil {
		return err
	}
	found := map[string]string{}
	if slug != "" {
		found["slug"] = slug
	}
	return respond(c, http.StatusOK, struct {
		Status string            `json:"status"`
		Room   map[string]string `json:"room"`
	}{"success", found})
}

// update serves PUT and PATCH /rooms/{key}/.
func (h rooms) update(c echo.Context) error {
	visit, view, err := h.administer(c, domain.Role.Privileged)
	if err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	in := room.UpdateInput{
		Name:          form.text("name", domain.MaxRoomName),
		AccessLevel:   choice(form, "access_level", domain.ParseAccessLevel),
		Configuration: form.configuration("configuration"),
	}
	if err := form.err(); err != nil {
		return err
	}
	changed, err := h.Rooms.Update(c.Request().Context(), visit, view, in)
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, h.view(changed, visit.User))
}

// remove serves DELETE /rooms/{key}/.
func (h rooms) remove(c echo.Context) error {
	visit, view, err := h.administer(c, func(role domain.Role) bool { return role == domain.Owner })
	if err != nil {
		return err
	}
	if err := h.Rooms.Remove(c.Request().Context(), visit, view); err != nil {
		return err
	}
	return noContent(c)
}

// administer finds the room of the address for somebody whose role allows
// to change it.
func (h rooms) administer(c echo.Context, allowed func(domain.Role) bool) (room.Visit, domain.RoomView, error) {
	key, err := pathKey(c)
	if err != nil {
		return room.Visit{}, domain.RoomView{}, err
	}
	visit, err := visit(c)
	if err != nil {
		return visit, domain.RoomView{}, err
	}
	view, err := h.Rooms.Find(c.Request().Context(), visit, key, allowed)
	if err != nil {
		return visit, view, fmt.Errorf("administer: %w", err)
	}
	return visit, view, nil
}

// maxRoomKey is the longest room name that LiveKit accepts, in bytes.
const maxRoomKey = 256

// pathKey is the part of the address that names a room.
func pathKey(c echo.Context) (string, error) {
	key := c.Param("key")
	if strings.ContainsAny(key, "./") {
		return "", domain.ErrNotFound
	}
	if len(key) > maxRoomKey {
		return "", domain.ErrRoomNotFound
	}
	return key, nil
}
