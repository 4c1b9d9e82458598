package doctor

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"meet/bootstrap/settings"
	"meet/domain"
)

const documented = "docs/configuration.md"

// configuration judges the variables alone, without asking anybody.
func configuration(setup Setup) []domain.Finding {
	var findings []domain.Finding
	add := func(status domain.FindingStatus, seen, mend string) {
		findings = append(findings, domain.Finding{Check: "configuration", Status: status, Seen: seen, Mend: mend})
	}
	for _, problem := range setup.Problems {
		name, _, _ := strings.Cut(problem, ":")
		mend := "correct " + name + ", see " + documented
		if strings.Contains(problem, "choose a long random text") {
			mend = remedy(name + " choose a")
		}
		add(domain.Broken, problem, mend)
	}
	for _, warning := range setup.Warnings {
		add(domain.Doubtful, warning, remedy(warning))
	}
	if setup.Debug {
		add(domain.Doubtful, "the profile "+setup.Profile+" is for development: every host is answered, every origin may ask",
			"set DJANGO_CONFIGURATION=Production")
	}
	for _, host := range setup.Hosts {
		if !hostName(host) {
			add(domain.Broken, "DJANGO_ALLOWED_HOSTS holds "+settings.Quote(host)+", which is no host name",
				"set DJANGO_ALLOWED_HOSTS to names separated by commas, without scheme, port, path or quotes")
		}
	}
	for _, origin := range setup.TrustedOrigins {
		if parsed, err := url.Parse(origin); err != nil || parsed.Host == "" || !slices.Contains([]string{"http", "https"}, parsed.Scheme) {
			add(domain.Broken, "DJANGO_CSRF_TRUSTED_ORIGINS holds '"+domain.MaskURLs(origin)+"', which has no scheme and is never matched",
				"write https://"+strings.TrimPrefix(origin, "//")+" in DJANGO_CSRF_TRUSTED_ORIGINS")
		}
	}
	if len(findings) == 0 {
		add(domain.Healthy, "every variable can be read", "")
	}
	return findings
}

// hostName reports whether a request's host could ever match.
func hostName(host string) bool {
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return true
	}
	return !strings.ContainsAny(host, "/:\"'[]{} ")
}

// remedy says what to do about a warning of the settings.
func remedy(warning string) string {
	name, _, _ := strings.Cut(warning, " ")
	name, _, _ = strings.Cut(name, "=")
	if _, right, found := strings.Cut(warning, "did you mean "); found {
		return "set " + strings.TrimSuffix(right, "?") + " instead of " + name
	}
	switch {
	case strings.Contains(warning, "choose a"):
		return "set " + name + " to a long random text, for example of `openssl rand -base64 48`"
	case strings.Contains(warning, " is off: "):
		return "set " + name + "=true, and give the other side a certificate that this machine trusts where it is about one"
	case strings.Contains(warning, " is on: "):
		return "set " + name + "=false"
	case strings.Contains(warning, "white space"):
		return "write " + name + " without white space around its value"
	case name == "DJANGO_ALLOWED_HOSTS":
		return "set DJANGO_ALLOWED_HOSTS to the public host name"
	case name == "TRUSTED_PROXIES":
		return "set TRUSTED_PROXIES to the addresses of the proxies in front of this server"
	case strings.Contains(warning, "has no effect"):
		return "remove " + name
	}
	return "see " + name + " in " + documented
}
