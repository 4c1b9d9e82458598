package domain_test

import (
	"strings"
	"testing"

	"meet/domain"
)

func TestEmailAddresses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"ada@example.com": true, "a.b+c@sub.example.co": true, "o'neil@example.com": true, `"quoted.text"@example.com`: true,
		"ada@localhost": true, "ada@[127.0.0.1]": true, "ada@[IPv6:::1]": true, "ada@éxample.fr": true, "ADA@EXAMPLE.COM": true,
		"ada@xn--xample-9ua.fr": true, "a@b@example.com": false, "": false, "ada": false, "@example.com": false, "ada@": false,
		"a b@example.com": false, "a..b@example.com": false, ".a@example.com": false, "ada@example": false, "ada@-example.com": false,
		"ada@example-.com": false, "ada@example.com.": false, "ada@exam ple.com": false, "ada@[300.0.0.1]": false,
		"ada@example.com\n": false, "ada@example.com\r\nBcc: x@example.com": false, strings.Repeat("a", 320) + "@example.com": false,
		"é@example.com": false, "ada@" + strings.Repeat("a", 64) + ".com": false, "ada@example.c": false, "ada@example.c-": false,
	} {
		if got := domain.ValidEmail(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}
