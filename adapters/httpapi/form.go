package httpapi

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"meet/application/access"
	"meet/domain"
)

// form reads the fields of a body under the contract's rules and collects
// all that is wrong, so that one answer names everything.
type form struct {
	values   map[string]any
	partial  bool // PATCH: nothing is required
	problems map[string][]domain.Problem
}

func readForm(c echo.Context) (*form, error) {
	values, err := readBody(c)
	return &form{values: values, partial: c.Request().Method == patch, problems: map[string][]domain.Problem{}}, err
}

// err is all refusals together, or nil.
func (f *form) err() error {
	if len(f.problems) == 0 {
		return nil
	}
	return &domain.Error{Kind: domain.Invalid, Fields: f.problems}
}

// refuse notes what is wrong with a field; texts among the arguments are the
// client's, of which the answer repeats the beginning.
func (f *form) refuse(field, format string, args ...any) {
	for i, arg := range args {
		if text, is := arg.(string); is {
			args[i] = domain.Excerpt(text)
		}
	}
	f.problems[field] = append(f.problems[field], domain.Problem{Text: fmt.Sprintf(format, args...)})
}

// take is the field's value; ok is false when it is absent or null, which is
// refused unless the field is optional.
func (f *form) take(field string, required bool) (value any, ok bool) {
	value, present := f.values[field]
	switch {
	case !present && required && !f.partial:
		f.refuse(field, "This field is required.")
	case present && value == nil:
		f.refuse(field, "This field may not be null.")
	}
	return value, present && value != nil
}

// text is a required, trimmed text that is not blank; limit is its length in
// characters, 0 for any. nil means absent or refused.
func (f *form) text(field string, limit int) *string {
	value, ok := f.take(field, true)
	if !ok {
		return nil
	}
	var text string
	switch v := value.(type) {
	case string:
		text = strings.TrimSpace(v)
	case json.Number:
		text = v.String()
	default:
		f.refuse(field, "Not a valid string.")
		return nil
	}
	_, lone, marked := strings.Cut(text, string(surrogateMark))
	switch {
	case text == "":
		f.refuse(field, "This field may not be blank.")
	case strings.ContainsRune(text, 0):
		f.refuse(field, "Null characters are not allowed.")
	case marked && len(lone) >= 4:
		f.refuse(field, "Surrogate characters are not allowed: U+%s.", lone[:4])
	case limit > 0 && utf8.RuneCountInString(text) > limit:
		f.refuse(field, "Ensure this field has no more than %d characters.", limit)
	default:
		return &text
	}
	return nil
}

// choice is one of a set of texts.
func choice[T ~string](f *form, field string, parse func(string) (T, bool)) *T {
	value, ok := f.take(field, false)
	if !ok {
		return nil
	}
	chosen, known := parse(pythonText(value))
	if !known {
		f.refuse(field, "\"%s\" is not a valid choice.", strings.ReplaceAll(pythonText(value), string(surrogateMark), `\u`))
		return nil
	}
	return &chosen
}

// configuration is a room configuration; nil means absent or refused.
func (f *form) configuration(field string) domain.RoomConfiguration {
	value, ok := f.take(field, false)
	if !ok {
		return nil
	}
	configuration, problems := domain.NewRoomConfiguration(value)
	if len(problems) > 0 {
		f.problems[field] = append(f.problems[field], problems...)
		return nil
	}
	return configuration
}

// reference is the id of something stored.
func (f *form) reference(field string) *access.Ref {
	value, ok := f.take(field, true)
	if !ok {
		return nil
	}
	raw := pythonText(value)
	switch v := value.(type) {
	case bool:
		f.refuse(field, "Incorrect type. Expected pk value, received bool.")
		return nil
	case json.Number:
		if _, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return &access.Ref{ID: uuid.Max, Raw: domain.Excerpt(raw)} // an integer is an id, of nothing
		}
	case string:
		if v == "" {
			f.refuse(field, "This field may not be null.")
			return nil
		}
		if id, err := uuid.Parse(v); err == nil {
			return &access.Ref{ID: id, Raw: domain.Excerpt(raw)}
		}
	}
	f.refuse(field, "“%s” is not a valid UUID.", raw)
	return nil
}
