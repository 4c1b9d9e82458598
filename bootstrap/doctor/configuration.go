package doctor

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

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
		add(domain.Broken, problem, "correct "+name+", see "+documented)
	}
	for _, warning := range setup.Warnings {
		add(domain.Doubtful, warning, remedy(warning))
	}
	if setup.Debug {
		add(domain.Doubtful, "the profile "+setup.Profile+" is for development: every host is answered, every origin may ask",
			"set DJANGO_CONFIGURATION=Production")
	}
	for _, host := range setup.Hosts {
		switch {
		case !hostName(host):
			add(domain.Broken, "DJANGO_ALLOWED_HOSTS holds '"+host+"', which is no host name",
				"set DJANGO_ALLOWED_HOSTS to names separated by commas, without scheme, port, path or quotes")
		case host == "*" && setup.Production:
			add(domain.Doubtful, "DJANGO_ALLOWED_HOSTS lets every host pass", "set DJANGO_ALLOWED_HOSTS to the public host name")
		}
	}
	for _, origin := range setup.TrustedOrigins {
		if parsed, err := url.Parse(origin); err != nil || parsed.Host == "" || !slices.Contains([]string{"http", "https"}, parsed.Scheme) {
			add(domain.Broken, "DJANGO_CSRF_TRUSTED_ORIGINS holds '"+origin+"', which has no scheme and is never matched",
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
	case name == "DJANGO_SECRET_KEY":
		return "set DJANGO_SECRET_KEY to a long random text, for example of `openssl rand -base64 48`"
	case name == "DJANGO_ALLOWED_HOSTS":
		return "set DJANGO_ALLOWED_HOSTS to the public host name"
	case strings.Contains(warning, "has no effect"):
		return "remove " + name
	}
	return "see " + name + " in " + documented
}
