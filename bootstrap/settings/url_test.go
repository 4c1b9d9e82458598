package settings_test

import (
	"testing"

	"meet/bootstrap/settings"
)

// TestAddressesAreRead with all that may stand behind the ?, and refused where
// a part of a password would be taken for the host.
func TestAddressesAreRead(t *testing.T) {
	t.Parallel()
	for text, fits := range map[string]bool{
		"https://id.example.org": true,
		"https://id.example.org/v2/logout?returnTo=https://meet.example.org":               true,
		"https://id.example.org/logout?client_id=x&returnTo=https://meet.example.org/?a=b": true,
		"https://id.example.org?next=https://meet.example.org":                             true,
		"https://u:hidden%40@id.example.org":                                               true,
		"https://u:hidden@x://y@id.example.org":                                            false,
		"https://u:hidden://x@id.example.org":                                              false,
		"https://u:hidden?x://y@id.example.org":                                            false,
		"https://u:hidden?https://x@id.example.org":                                        false,
		"https://id.example.org/a://b":                                                     false,
		"https://u:hidden#x@id.example.org":                                                false,
		"https:///logout?returnTo=https://meet.example.org":                                false,
		"logout?returnTo=https://meet.example.org":                                         false,
	} {
		if _, err := settings.ParseURL(text, "https"); (err == nil) != fits {
			t.Errorf("%s: error %v", text, err)
		}
	}
}
