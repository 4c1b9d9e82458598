package settings

import (
	"slices"
	"strings"
)

// published are secrets that stand in examples and documents of the reference,
// of this server, of LiveKit and of Django, in lower case.
var published = []string{
	"thisisanexamplekeyfordevpurposeonly", "thisisanexamplekeyfortestpurposeonly", "dummykey", "devkey", "secret", "secret1", "key1", "password", "pass",
	"admin", "changeme", "change-me", "change_me", "changethis", "replaceme", "replace-me", "insecure", "example", "test", "dev", "meet", "livekit",
	"devkey-padded-for-minimum-len!-livekit", "secret-key-padded-for-minimum-len!-livekit", "secret-key-padded-for-minimum-len!-application",
	"secret-key-padded-for-minimum-len!-addons", "replace-me-by-a-long-random-text-of-your-own-0123456789", "meet-client-on-this-machine",
	"livekit-on-this-machine-at-least-32-long", "a long random text", "generate a secret key", "client secret", "your-secret-key", "your-secret", "your_secret",
}

// Published reports whether everybody knows the secret, because it stands in
// published examples.
func Published(secret string) bool {
	return slices.Contains(published, strings.ToLower(strings.Trim(Trim(secret), "<>\"'")))
}

const minDifferent = 8 // characters

// Guessable reports whether the secret is shorter than least, or repeats few
// characters.
func Guessable(secret string, least int) bool {
	different := map[rune]bool{}
	for _, character := range secret {
		different[character] = true
	}
	return len(secret) < least || len(different) < minDifferent
}
