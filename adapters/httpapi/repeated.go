package httpapi

import (
	"encoding/json"

	"meet/domain"
)

// maxText is how long the text of an error can be, with what it repeats.
const maxText = 250

// maxLoggedError is how much is logged of an error, in which texts of clients
// may stand.
const maxLoggedError = 2000

func logged(err error) string { return domain.Shorten(err.Error(), maxLoggedError) }

func cutAll(texts []string) []string {
	list := make([]string, len(texts))
	for i, text := range texts {
		list[i] = domain.Excerpt(text)
	}
	return list
}

// repeated is a client's value as an answer repeats it: its texts are cut, and
// of one that is still long only its kind is told.
func repeated(value any) any {
	shown := textLeaves(value)
	switch text, err := json.Marshal(shown); {
	case err == nil && len(text) <= domain.MaxExcerpt:
		return shown
	default:
		return domain.Excerpt(pythonText(value))
	}
}
