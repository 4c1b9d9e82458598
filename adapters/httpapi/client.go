package httpapi

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"

	"meet/ports"
)

// peer is the other end of the connection: the client, or the proxy nearest to us.
func peer(request *http.Request) netip.Addr {
	address, err := netip.ParseAddrPort(request.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return address.Addr().Unmap()
}

func (s *Server) trusts(address netip.Addr) bool {
	for _, prefix := range s.config.TrustedProxies {
		if prefix.Contains(address) {
			return true
		}
	}
	return false
}

// clientAddress is the nearest address that is not a trusted proxy's. Only
// trusted proxies are believed about who called them, and where nobody named
// them only the one that is connected to us: what lies behind it may be a
// client on a private network.
func (s *Server) clientAddress(request *http.Request) string {
	address := peer(request)
	lines := request.Header["X-Forwarded-For"]
	for hops := 0; len(lines) > 0 && s.trusts(address) && (hops == 0 || !s.config.OneProxy); hops++ {
		last := lines[len(lines)-1]
		comma := strings.LastIndexByte(last, ',')
		hop, known := forwarded(last[comma+1:])
		if !known {
			break
		}
		address = hop
		if lines = lines[:len(lines)-1]; comma >= 0 {
			lines = append(lines[:len(lines):len(lines)], last[:comma])
		}
	}
	return address.String()
}

// forwarded reads an address as proxies write it: with a port or without, in
// brackets, in quotes; "unknown" and names that hide it are none.
func forwarded(text string) (address netip.Addr, known bool) {
	text = strings.Trim(strings.TrimSpace(text), `"`)
	address, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	if err != nil {
		with, portErr := netip.ParseAddrPort(text)
		address, err = with.Addr(), portErr
	}
	return address.Unmap().WithZone(""), err == nil
}

// addressOf is the client's address, as the request was told to come from.
func addressOf(c echo.Context) string { return ports.OriginOf(c.Request().Context()).Address }
