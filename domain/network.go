package domain

import "net/netip"

// Network is a part of the Internet that an address belongs to, and what may
// come from it compared to one subscriber.
type Network struct {
	Name   string // as a CIDR range
	Times  int    // how often its people may call, compared to one subscriber's
	Places int    // how many of a room's lobby places it may take, 0 for all
}

// width is one of the sizes in which networks are handed out: providers give
// one subscriber an address, of IPv6 a /64, /56 or /48 (RFC 6177).
type width struct{ bits, times, places int }

func widthsOf(address netip.Addr) []width {
	if address.Is4() {
		return []width{{32, 1, MaxWaiting / 10}, {24, 8, MaxWaiting / 5}}
	}
	return []width{{64, 1, MaxWaiting / 20}, {56, 4, MaxWaiting / 10}, {48, 8, MaxWaiting / 5}}
}

// carriers is the range that belongs to no site (RFC 6598): carriers and the
// nodes of some clouds share it.
var carriers = netip.MustParsePrefix("100.64.0.0/10")

// Networks are those of an address, the smallest first. Addresses that are not
// public may stand for everybody behind a proxy, and have no share of places.
func Networks(address string) []Network {
	parsed, err := netip.ParseAddr(address)
	if err != nil {
		return []Network{{Name: address, Times: 1}}
	}
	parsed = parsed.Unmap().WithZone("")
	shared := parsed.IsLoopback() || parsed.IsPrivate() || parsed.IsLinkLocalUnicast() || carriers.Contains(parsed)
	var list []Network
	for _, w := range widthsOf(parsed) {
		prefix, err := parsed.Prefix(w.bits)
		if err != nil {
			continue
		}
		network := Network{Name: prefix.String(), Times: w.times, Places: w.places}
		if shared {
			network.Places = 0
		}
		list = append(list, network)
		if shared && parsed.Is4() {
			break // neighbours are other people's machines
		}
	}
	return list
}
