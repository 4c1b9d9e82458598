// Package doctor examines an instance's set-up from the outside and says what
// is wrong with it, and how to mend that.
package doctor

import (
	"crypto/x509"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"meet/adapters/livekit"
	"meet/adapters/oidc"
	"meet/adapters/smtp"
	"meet/adapters/sqlstore"
	"meet/bootstrap/settings"
)

// Setup is what is examined.
type Setup struct {
	Problems, Warnings []string // what reading the environment brought up

	Profile           string // DJANGO_CONFIGURATION
	Debug, Production bool   // what the profile means
	Hosts             []string
	TrustedOrigins    []string
	PublicURL         string // "" to find it out
	ListenAddr        string

	Database    sqlstore.Config
	Migrates    bool   // at start
	Redis       string // URL, "" for none
	LobbyPrefix string // of its keys in Redis
	OIDC        oidc.Config
	PKCE        bool
	LiveKit     livekit.Config
	Telephony   bool           // somebody may dial in
	RoomFilter  *regexp.Regexp // of webhooks; nil lets all pass
	SMTP        smtp.Config

	Roots   *x509.CertPool // certificates trusted at PublicURL; nil for the system's
	Conceal settings.Concealer
}

const callback = "/api/v1.0/callback/"

// public is the address that browsers use, without a final slash; "" when
// nothing tells.
func (s Setup) public() string {
	if s.PublicURL != "" {
		return strings.TrimSuffix(s.PublicURL, "/")
	}
	scheme := "http://"
	if s.Production {
		scheme = "https://"
	}
	if base, err := url.Parse(s.SMTP.BaseURL); err == nil && base.Host != "" {
		return base.Scheme + "://" + base.Host
	}
	for _, host := range s.Hosts {
		if exact(host) {
			return scheme + host
		}
	}
	return ""
}

// exact reports whether the host can be the one that people type.
func exact(host string) bool {
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return strings.Contains(host, ".") && !strings.HasPrefix(host, ".") && err != nil && !strings.ContainsAny(host, "/:")
}

func (s Setup) redirectURI() string {
	if public := s.public(); public != "" {
		return public + callback
	}
	return ""
}

// named is a host by which the server should answer, "" for its own address.
func (s Setup) named() string {
	if at, err := url.Parse(s.public()); err == nil && at.Host != "" {
		return at.Hostname()
	}
	for _, host := range s.Hosts {
		if host != "*" {
			return strings.TrimPrefix(host, ".")
		}
	}
	return ""
}

// local is where the server of this machine answers.
func (s Setup) local() string {
	host, port, err := net.SplitHostPort(s.ListenAddr)
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
