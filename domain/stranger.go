package domain

import (
	"strings"

	"github.com/google/uuid"
)

const tabMark = 8 // characters

// TabIdentity is the LiveKit identity of a stranger: the browser's id, and a
// mark of eight hexadecimal digits that tells its tabs apart, as LiveKit puts
// out the first of two people of one identity.
func TabIdentity(browser string, tab uuid.UUID) string {
	text := tab.String()
	return browser + "." + text[len(text)-tabMark:]
}

// Whose names whoever is behind a LiveKit identity: for the tab of a stranger's
// browser the browser, and anybody else is behind their own.
func Whose(identity string) string {
	browser, tab, marked := strings.Cut(identity, ".")
	if id, err := uuid.Parse(browser); marked && err == nil && id.String() == browser && len(tab) == tabMark && strings.Trim(tab, "0123456789abcdef") == "" {
		return browser
	}
	return identity
}
