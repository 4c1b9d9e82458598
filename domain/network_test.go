package domain_test

import (
	"fmt"
	"testing"

	"meet/domain"
)

func TestNetworksOfAnAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"203.0.113.9":        "[{203.0.113.9/32 1 500} {203.0.113.0/24 8 1000}]",
		"::ffff:203.0.113.9": "[{203.0.113.9/32 1 500} {203.0.113.0/24 8 1000}]",
		"2001:db8:1:203::1":  "[{2001:db8:1:203::/64 1 250} {2001:db8:1:200::/56 4 500} {2001:db8:1::/48 8 1000}]",
		"127.0.0.1":          "[{127.0.0.1/32 1 0}]",
		"10.1.2.3":           "[{10.1.2.3/32 1 0}]",
		"fe80::1%eth0":       "[{fe80::/64 1 0} {fe80::/56 4 0} {fe80::/48 8 0}]",
		"invalid IP":         "[{invalid IP 1 0}]",
	} {
		if got := fmt.Sprint(domain.Networks(address)); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
