package httpapi

import (
	"errors"
	"net/http"

	"meet/domain"
)

// wording is a failure that the contract words under another name than
// "detail".
type wording struct {
	error
	status      int
	field, text string
}

// Unwrap implements errors' interface.
func (w *wording) Unwrap() error { return w.error }

// worded puts the failure's text under the field; refused is the text when
// the media server refuses. Failures to reach it stay as they are.
func worded(err error, field, refused string) error {
	known, ok := errors.AsType[*domain.Error](err)
	switch {
	case err == nil:
		return nil
	case !ok, known == domain.ErrRoomNotFound, known == domain.ErrUnprivileged, known == domain.ErrForbidden, known == domain.ErrNotConnected:
		return err
	case known.Kind == domain.Refused:
		return &wording{err, http.StatusInternalServerError, field, refused}
	case known.Kind == domain.NotFound, known.Kind == domain.Forbidden:
		return &wording{err, statuses[known.Kind], field, known.Detail}
	default:
		return err
	}
}
