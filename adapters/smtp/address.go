package smtp

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"meet/domain"
)

// routable is the address as every mail server understands it: the domain in
// ASCII (RFC 5891), which means the same.
func routable(address string) (string, error) {
	at := strings.LastIndex(address, "@")
	if at < 0 || ascii(address) {
		return address, nil
	}
	name, err := idna.Lookup.ToASCII(address[at+1:])
	if err != nil {
		return "", fmt.Errorf("%w: the domain of the address cannot be one", domain.ErrLetterRefused)
	}
	return address[:at+1] + name, nil
}

// mailbox is what stands before the domain.
func mailbox(address string) string { return address[:max(0, strings.LastIndex(address, "@"))] }

func domainOf(address string) string { return address[strings.LastIndex(address, "@")+1:] }

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
