package domain

import (
	"strings"
	"unicode"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
)

// Slugify is the part of an address that a name becomes: Unicode NFKD, ASCII
// only, lower case, runs of blanks and dashes as one dash, no dash or
// underscore at either end. "Éléphant in the room" becomes
// "elephant-in-the-room"; a name without ASCII letters or digits becomes "".
func Slugify(name string) string {
	var slug strings.Builder
	dash := false
	for _, r := range norm.NFKD.String(name) {
		r = unicode.ToLower(r)
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
			if dash {
				slug.WriteByte('-')
				dash = false
			}
			slug.WriteRune(r)
		case r == '-', r == ' ', r >= '\t' && r <= '\r', r >= 0x1c && r <= 0x1f:
			dash = true
		}
	}
	return strings.Trim(slug.String(), "-_")
}

// ParseUUID reads a UUID in any spelling the reference takes for one: any
// case, with or without dashes, in braces, behind "urn:uuid:".
func ParseUUID(text string) (uuid.UUID, bool) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "urn:", ""), "uuid:", "")
	text = strings.ReplaceAll(strings.Trim(text, "{}"), "-", "")
	if len(text) != 32 {
		return uuid.Nil, false
	}
	id, err := uuid.Parse(text)
	return id, err == nil
}

// LooksLikeUUID reports whether a slug could pass for the id of a room, and
// with it for the name of that room in LiveKit.
func LooksLikeUUID(slug string) bool {
	_, is := ParseUUID(strings.ReplaceAll(slug, "_", ""))
	return is
}

const slugLetters = "abcdefghijklmnopqrstuvwxyz"

// RandomSlug is an address like "abc-defg-hij"; pick draws a number below n.
func RandomSlug(pick func(n int) int) string {
	slug := make([]byte, 0, 12)
	for i := range 12 {
		if i == 3 || i == 8 {
			slug = append(slug, '-')
			continue
		}
		slug = append(slug, slugLetters[pick(len(slugLetters))])
	}
	return string(slug)
}
