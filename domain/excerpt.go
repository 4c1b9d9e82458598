package domain

// MaxExcerpt is how much of a client's text a problem, an answer or the log
// repeats, in characters.
const MaxExcerpt = 100

// Excerpt is the beginning of a client's text, to be repeated to it.
func Excerpt(text string) string { return Shorten(text, MaxExcerpt) }

// Shorten is the text, or so many characters of it when it is longer.
func Shorten(text string, most int) string {
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
