package domain

import (
	"net/netip"
	"regexp"
	"strings"
	"unicode/utf8"
)

const maxAddress = 320 // characters

var (
	emailLocal = regexp.MustCompile("(?i)^(" +
		"[-!#$%&'*+/=?^_`{}|~0-9A-Z]+(\\.[-!#$%&'*+/=?^_`{}|~0-9A-Z]+)*" +
		`|"([\x01-\x08\x0b\x0c\x0e-\x1f!#-\[\]-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*")$`)
	emailDomain = regexp.MustCompile(`^([\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{1,62}[\p{L}\p{N}]$`)
)

// ValidEmail reports whether the text is an e-mail address (RFC 5321) as the
// reference's framework reads one; international domains are fine.
func ValidEmail(text string) bool {
	at := strings.LastIndexByte(text, '@')
	if at < 0 || utf8.RuneCountInString(text) > maxAddress || !emailLocal.MatchString(text[:at]) {
		return false
	}
	host := text[at+1:]
	if emailDomain.MatchString(host) || strings.EqualFold(host, "localhost") {
		return true
	}
	if inner, is := strings.CutPrefix(host, "["); is && strings.HasSuffix(inner, "]") {
		_, err := netip.ParseAddr(strings.TrimPrefix(strings.TrimSuffix(inner, "]"), "IPv6:"))
		return err == nil
	}
	return false
}
