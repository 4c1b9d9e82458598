package standalone

import (
	"fmt"
	"net"
	"path/filepath"
	"strings"

	"meet/adapters/demoidp"
	"meet/domain"
)

// banner tells a newcomer everything in one block.
func (p *parts) banner(address string) string {
	var text strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&text, "  %-10s %s\n", name, fmt.Sprintf(format, args...))
	}
	text.WriteString("\n")
	line("Meet", "http://%s", shown(address))
	if p.demo != nil {
		for i, person := range demoidp.People {
			name := ""
			if i == 0 {
				name = "Accounts"
			}
			line(name, "%s (%s), no password", person.Name, person.Email)
		}
	} else {
		line("Sign-in", "%s", domain.MaskURL(p.text("OIDC_OP_URL")))
	}
	if p.sfu.Addr != "" {
		line("Media", "LiveKit at %s, media to %s", domain.MaskURL(p.text("LIVEKIT_API_URL")), p.text("SFU_NODE_IP"))
	}
	folder, err := filepath.Abs(p.dataDir)
	if err != nil {
		folder = p.dataDir
	}
	line("Data", "%s", folder)
	line("Stop", "Ctrl-C")
	if host, _, err := net.SplitHostPort(address); err == nil && !net.ParseIP(host).IsLoopback() {
		text.WriteString("\n  This address can be reached from other machines. Browsers give cameras and microphones\n" +
			"  to pages on https or localhost only: put a proxy with a certificate in front (and in front\n" +
			"  of the media server), name the public host in DJANGO_ALLOWED_HOSTS, and set SFU_ADDR and\n" +
			"  SFU_NODE_IP to addresses that the browsers reach.\n")
	}
	text.WriteString("\n")
	return text.String()
}

// shown is an address that a browser on this machine can open.
func shown(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
