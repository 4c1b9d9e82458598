package settings

import (
	"maps"
	"slices"
	"strings"
)

// unread are variables of libpq's that the driver refuses to see, and the
// options of an address that mean the same.
var unread = map[string]string{
	"PGCHANNELBINDING": "channel_binding", "PGGSSENCMODE": "gssencmode", "PGGSSLIB": "gsslib", "PGGSSDELEGATION": "gssdelegation",
	"PGKRBSRVNAME": "krbsrvname", "PGSSLCERTMODE": "sslcertmode", "PGSSLCOMPRESSION": "sslcompression", "PGREQUIREPEER": "requirepeer",
	"PGREQUIREAUTH": "require_auth", "PGSSLCRL": "sslcrl", "PGSSLCRLDIR": "sslcrldir",
}

// PassedOver are the variables that have to be kept from the driver because
// they do no harm. The verdict is that of the option in an address: some are
// refused, some only warned of.
func (r *Reader) PassedOver() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(unread)) {
		value, set := r.lookup(name)
		if !set {
			continue
		}
		var a address
		note := ""
		if value = strings.TrimSpace(value); value != "" {
			var err error
			if note, err = a.option(unread[name], value); err != nil {
				r.Refuse(name, "%s", err)
			}
		}
		if note != "" {
			r.Warn(name + " is the option " + note)
		}
		names = append(names, name)
	}
	return names
}
