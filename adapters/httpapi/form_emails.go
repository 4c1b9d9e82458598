package httpapi

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"meet/domain"
)

// emails is a required list of so many e-mail addresses at most, each once.
func (f *form) emails(field string, most int) []string {
	value, ok := f.take(field, true)
	if !ok {
		return nil
	}
	list, is := value.([]any)
	switch {
	case !is:
		f.refuse(field, "Expected a list of items but got type \"%s\".", typeName(value))
		return nil
	case len(list) == 0:
		f.refuse(field, "This list may not be empty.")
		return nil
	case len(list) > most:
		f.refuse(field, "Ensure this field has no more than %d elements.", most)
		return nil
	}
	var emails []string
	for i, item := range list {
		email, wrong := readEmail(item)
		if wrong != "" {
			f.problems[field] = append(f.problems[field], domain.Problem{Path: []string{strconv.Itoa(i)}, Text: wrong})
			continue
		}
		if !slices.Contains(emails, email) {
			emails = append(emails, email)
		}
	}
	return emails
}

func readEmail(item any) (email, wrong string) {
	one := &form{values: map[string]any{"x": item}, problems: map[string][]domain.Problem{}}
	text := one.text("x", 0)
	switch {
	case text == nil:
		return "", one.problems["x"][0].Text
	case !domain.ValidEmail(*text):
		return "", "Enter a valid email address."
	}
	return *text, ""
}

// matchLanguage is the offered language that suits the header best, or the
// fallback (RFC 9110, 12.5.4).
func matchLanguage(header string, offered []string, fallback string) string {
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return fallback
	}
	for _, tag := range wanted {
		base, _ := tag.Base()
		exact := slices.IndexFunc(offered, func(code string) bool { return strings.EqualFold(code, tag.String()) })
		near := slices.IndexFunc(offered, func(code string) bool {
			prefix, _, _ := strings.Cut(code, "-")
			return strings.EqualFold(prefix, base.String())
		})
		switch {
		case exact >= 0:
			return offered[exact]
		case near >= 0:
			return offered[near]
		}
	}
	return fallback
}
