package domain

import (
	"regexp"
	"strings"
)

const (
	masked  = "***"
	example = "://user:password@" // stands in advice
	host    = `(\[[0-9A-Fa-f:.%]+\]|[\p{L}\p{N}_.%*…-]*)(:\d*)?`
)

var (
	schemeName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*$`)
	hostList   = regexp.MustCompile(`^` + host + `(,` + host + `)*$`)
	// anyURL finds URLs within a text; quotes, brackets and white space end them.
	anyURL = regexp.MustCompile("[A-Za-z][A-Za-z0-9+.-]*://[^\\s\"'`<>{}]+")
	// userinfo finds user:password@ where no scheme goes before it.
	userinfo = regexp.MustCompile("[^\\s\"'`<>/@:]*:[^\\s\"'`<>@/]+@")
)

// MaskURL is a URL as logs, errors and commands may show it: without user,
// password, query and fragment. When it is not certain where these end, as in
// a password with unencoded delimiters, less is shown.
func MaskURL(text string) string {
	scheme, rest, absolute := strings.Cut(text, "://")
	path := strings.HasPrefix(text, "/") && !strings.ContainsAny(text, ":@\n")
	switch {
	case text == "":
		return ""
	case path:
		rest, scheme = text, ""
	case !absolute || !schemeName.MatchString(scheme):
		return masked
	default:
		scheme += "://"
	}
	place, query := rest, ""
	if at := strings.IndexAny(rest, "?#"); at >= 0 {
		place, query = rest[:at], rest[at:]
	}
	user := ""
	if at := strings.LastIndex(place, "@"); at >= 0 {
		user, place = masked+"@", place[at+1:]
	}
	hosts, _, _ := strings.Cut(place, "/")
	if strings.Contains(query, "@") || !hostList.MatchString(hosts) {
		return scheme + masked
	}
	if query != "" {
		query = query[:1] + masked
	}
	return scheme + user + place + query
}

// MaskURLs masks every URL within a text.
func MaskURLs(text string) string {
	if strings.Contains(text, "://") {
		text = anyURL.ReplaceAllStringFunc(text, func(found string) string {
			bare := strings.TrimRight(found, ".,:;)]")
			if strings.Contains(bare, example) {
				return found
			}
			return MaskURL(bare) + found[len(bare):]
		})
	}
	if strings.Contains(text, "@") {
		text = userinfo.ReplaceAllStringFunc(text, func(found string) string {
			if strings.HasSuffix("://"+found, example) {
				return found
			}
			return masked + "@"
		})
	}
	return text
}
