package httpapi

import "encoding/json"

// maxRepeated is how much of a client's text an answer or the log repeats, in
// characters.
const maxRepeated = 100

// cut is the beginning of a client's text, to be repeated to it.
func cut(text string) string { return cutAt(text, maxRepeated) }

// maxText is how long the text of an error can be, with what it repeats.
const maxText = 250

// maxLoggedError is how much is logged of an error, in which texts of clients
// may stand.
const maxLoggedError = 2000

func cutAt(text string, most int) string {
	if len(text) <= most {
		return text
	}
	count := 0
	for i := range text {
		if count == most {
			return text[:i] + "…"
		}
		count++
	}
	return text
}

func cutAll(texts []string) []string {
	list := make([]string, len(texts))
	for i, text := range texts {
		list[i] = cut(text)
	}
	return list
}

// repeated is a client's value as an answer repeats it: its texts are cut, and
// of one that is still long only its kind is told.
func repeated(value any) any {
	shown := textLeaves(value)
	switch text, err := json.Marshal(shown); {
	case err == nil && len(text) <= maxRepeated:
		return shown
	default:
		return cut(pythonText(value))
	}
}
