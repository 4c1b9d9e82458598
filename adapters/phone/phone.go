// Package phone formats telephone numbers for people (ITU-T E.123).
package phone

import (
	"fmt"

	"github.com/nyaruka/phonenumbers"
)

// International is the number as "+33 1 23 45 67 89" and the region it
// belongs to ("" when unassigned). region says how to read a national number.
func International(number, region string) (formatted, of string, err error) {
	if number == "" || region == "" {
		return "", "", fmt.Errorf("no number or no region")
	}
	parsed, err := phonenumbers.Parse(number, region)
	if err != nil {
		return "", "", fmt.Errorf("telephone number %q of region %q: %w", number, region, err)
	}
	return phonenumbers.Format(parsed, phonenumbers.INTERNATIONAL), phonenumbers.GetRegionCodeForNumber(parsed), nil
}
