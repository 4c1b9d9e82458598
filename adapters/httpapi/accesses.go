package httpapi

import (
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"meet/application/access"
	"meet/domain"
)

// accesses serves /resource-accesses/.
type accesses struct{ *Server }

// accessView is an access as the API shows one.
type accessView struct {
	ID       uuid.UUID   `json:"id"`
	User     uuid.UUID   `json:"user"`
	Resource uuid.UUID   `json:"resource"`
	Role     domain.Role `json:"role"`
}

func viewAccess(a domain.ResourceAccess) accessView {
	return accessView{ID: a.ID, User: a.UserID, Resource: a.ResourceID, Role: a.Role}
}

// list serves GET /resource-accesses/.
func (h accesses) list(c echo.Context) error {
	page := readPage(c, false)
	found, err := h.AccessList.List(c.Request().Context(), actor(c).ID, page)
	if err != nil {
		return err
	}
	var views []accessView
	for _, item := range found.Items {
		views = append(views, viewAccess(item))
	}
	return respondPage(c, h.Server, page, found.Count, views)
}

// get serves GET /resource-accesses/{id}/.
func (h accesses) get(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	found, err := h.Accesses.Get(c.Request().Context(), actor(c), id)
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, viewAccess(found))
}

func readAccess(c echo.Context) (access.Input, error) {
	form, err := readForm(c)
	if err != nil {
		return access.Input{}, err
	}
	return access.Input{
		User:     form.reference("user"),
		Resource: form.reference("resource"),
		Role:     choice(form, "role", domain.ParseRole),
		Problems: form.problems,
	}, nil
}

// grant serves POST /resource-accesses/.
func (h accesses) grant(c echo.Context) error {
	in, err := readAccess(c)
	if err != nil {
		return err
	}
	granted, err := h.Accesses.Grant(c.Request().Context(), actor(c), in)
	if err != nil {
		return err
	}
	return respond(c, http.StatusCreated, viewAccess(granted))
}

// change serves PUT and PATCH /resource-accesses/{id}/.
func (h accesses) change(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if _, err := h.Accesses.Get(c.Request().Context(), actor(c), id); err != nil {
		return err
	}
	in, err := readAccess(c)
	if err != nil {
		return err
	}
	changed, err := h.Accesses.Change(c.Request().Context(), actor(c), id, in)
	if err != nil {
		return err
	}
	return respond(c, http.StatusOK, viewAccess(changed))
}

// revoke serves DELETE /resource-accesses/{id}/.
func (h accesses) revoke(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if err := h.Accesses.Revoke(c.Request().Context(), actor(c), id); err != nil {
		return err
	}
	return noContent(c)
}
