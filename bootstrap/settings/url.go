package settings

import (
	"errors"
	"net/url"
	"slices"
	"strings"
)

var errDelimiters = errors.New("holds an @ or # that is not encoded, maybe in the password: write %40 and %23 there")

// ParseURL reads an absolute URL of one of the schemes. Its errors tell nothing
// of the text, and it refuses a text in which a part of the password would be
// taken for the host.
func ParseURL(text string, schemes ...string) (*url.URL, error) {
	parsed, err := url.Parse(text)
	before, behind, _ := strings.Cut(text, "?")
	_, rest, _ := strings.Cut(before, "://")
	switch {
	case strings.Contains(behind, "@"), strings.Contains(text, "#"), strings.Contains(rest, "://"):
		return nil, errDelimiters
	case err != nil, parsed.Host == "", !slices.Contains(schemes, parsed.Scheme), strings.Contains(parsed.Path, "@"):
		return nil, errors.New("is not a URL that begins with " + strings.Join(schemes, ":// or ") + "://")
	}
	return parsed, nil
}

// URL is the value when it is "" or an absolute URL of one of the schemes,
// else "" and a mistake.
func (r *Reader) URL(name string, schemes ...string) string {
	text := r.Text(name)
	if text == "" {
		return ""
	}
	if _, err := ParseURL(text, schemes...); err != nil {
		r.Refuse(name, "%s", err)
		return ""
	}
	return text
}
