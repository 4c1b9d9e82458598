package httpapi

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"meet/domain"
)

// users serves /users/.
type users struct{ *Server }

// userView is a person as the API shows one.
type userView struct {
	ID                       uuid.UUID                `json:"id"`
	Email                    *string                  `json:"email"`
	FullName                 *string                  `json:"full_name"`
	ShortName                *string                  `json:"short_name"`
	Timezone                 string                   `json:"timezone"`
	Language                 string                   `json:"language"`
	DefaultRoomAccessLevel   *domain.AccessLevel      `json:"default_room_access_level"`
	DefaultRoomConfiguration domain.RoomConfiguration `json:"default_room_configuration"`
}

// viewProfile shows what others may see of a person.
func viewProfile(p domain.Profile) userView {
	return userView{
		ID: p.ID, Email: orNull(p.Email, p.Blank.Email), FullName: orNull(p.FullName, p.Blank.FullName), ShortName: orNull(p.ShortName, p.Blank.ShortName),
		Timezone: p.Timezone, Language: p.Language, DefaultRoomConfiguration: domain.RoomConfiguration{},
	}
}

func viewUser(u domain.User) userView {
	view := viewProfile(u.Profile)
	view.DefaultRoomAccessLevel = u.DefaultRoomAccessLevel
	view.DefaultRoomConfiguration = orEmpty(u.DefaultRoomConfiguration)
	return view
}

// orNull is null for a text that is not known, rather than known to be empty.
func orNull(text string, blank bool) *string {
	if text == "" && !blank {
		return nil
	}
	return &text
}

func orEmpty(configuration domain.RoomConfiguration) domain.RoomConfiguration {
	if configuration == nil {
		return domain.RoomConfiguration{}
	}
	return configuration
}

// me serves GET /users/me/.
func (h users) me(c echo.Context) error {
	return respond(c, http.StatusOK, viewUser(actor(c)))
}

// list serves GET /users/, empty unless the instance lists its users.
func (h users) list(c echo.Context) error {
	page := readPage(c, false)
	if !h.config.ListUsers {
		if _, err := page.Offset(0); err != nil {
			return err
		}
		return respondPage[userView](c, h.Server, domain.Page{Size: pageSize, Number: 1}, 0, nil)
	}
	found, err := h.Users.Search(c.Request().Context(), query(c, "q"), page)
	if err != nil {
		return err
	}
	var views []userView
	for _, user := range found.Items {
		view := viewProfile(user.Profile)
		if user.ID == actor(c).ID {
			view = viewUser(user)
		}
		views = append(views, view)
	}
	return respondPage(c, h.Server, page, found.Count, views)
}

// update serves PUT and PATCH /users/{id}/: oneself only.
func (h users) update(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if id != actor(c).ID {
		if _, err := h.Users.Get(ctx, id); err != nil {
			return err
		}
		return domain.ErrForbidden
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	change := h.readPreferences(form)
	if err := form.err(); err != nil {
		return err
	}
	user, err := h.Users.Update(ctx, id, func(user *domain.User) error {
		change(user)
		user.UpdatedAt = h.World.Now()
		return nil
	})
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, viewUser(user))
}

// readPreferences reads what people may change of themselves.
func (h users) readPreferences(form *form) (change func(*domain.User)) {
	zone := form.timezone("timezone")
	language := choice(form, "language", func(code string) (string, bool) {
		return code, slices.Contains(h.config.Languages, code)
	})
	configuration := form.configuration("default_room_configuration")
	value, levelGiven := form.values["default_room_access_level"]
	var level *domain.AccessLevel
	if levelGiven && value != nil {
		level = choice(form, "default_room_access_level", func(text string) (domain.AccessLevel, bool) {
			parsed, ok := domain.ParseAccessLevel(text)
			return parsed, ok || text == ""
		})
	}
	return func(user *domain.User) {
		if zone != nil {
			user.Timezone = *zone
		}
		if language != nil {
			user.Language = *language
		}
		if configuration != nil {
			user.DefaultRoomConfiguration = configuration
		}
		if levelGiven {
			user.DefaultRoomAccessLevel = level
		}
	}
}

var zoneName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$`)

// timezone is the name of a zone of the IANA database.
func (f *form) timezone(field string) *string {
	value, ok := f.take(field, true)
	if !ok {
		return nil
	}
	name, isText := value.(string)
	if isText && name == "" {
		f.refuse(field, "This field may not be blank.")
		return nil
	}
	if !isText || !zoneName.MatchString(name) || len(name) > 63 || slices.Contains(noZones, name) {
		f.refuse(field, "A valid timezone is required.")
		return nil
	}
	if _, err := time.LoadLocation(name); err != nil {
		f.refuse(field, "A valid timezone is required.")
		return nil
	}
	if name == "Factory" || strings.HasPrefix(name, "posix/") || strings.HasPrefix(name, "right/") {
		f.refuse(field, "Value zoneinfo.ZoneInfo(key='%s') is not a valid choice.", name)
		return nil
	}
	return &name
}

// noZones are names that Go or a zone database gives another meaning.
var noZones = []string{"Local", "localtime", "posixrules"}

// pathID is the id in the address; what is none leads nowhere.
func pathID(c echo.Context) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Param("id"))
	if err != nil {
		return uuid.Nil, domain.ErrNotFound
	}
	return id, nil
}
