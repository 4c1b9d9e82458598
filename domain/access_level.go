package domain

// AccessLevel says who enters a room without asking.
type AccessLevel string

// The access levels.
const (
	Public     AccessLevel = "public"     // everybody
	Trusted    AccessLevel = "trusted"    // everybody who is signed in
	Restricted AccessLevel = "restricted" // people with a role in the room
)

// ParseAccessLevel reads a stored or received level; ok is false for anything else.
func ParseAccessLevel(text string) (level AccessLevel, ok bool) {
	switch level = AccessLevel(text); level {
	case Public, Trusted, Restricted:
		return level, true
	default:
		return "", false
	}
}
