package bootstrap

import (
	"fmt"
	"slices"

	"meet/bootstrap/settings"
)

// ownSecrets are those that we and our neighbours choose, with the least
// length of each. Who knows one of them can pretend to be somebody else.
var ownSecrets = []struct {
	name  string
	least int
}{
	{"DJANGO_SECRET_KEY", minSecret}, {"LIVEKIT_API_SECRET", 32}, {"OIDC_RP_CLIENT_SECRET", 16}, {"ROOMKIT_SERVER_TO_SERVER_API_TOKEN", 16},
}

// loadSafety refuses secrets that everybody knows, where the public comes, and
// warns of what makes an instance easy to attack.
func loadSafety(read *settings.Reader, profile Profile) {
	for _, secret := range ownSecrets {
		value := read.Text(secret.name)
		switch {
		case value == "" || profile.Debug || profile.Test:
		case settings.Published(value) && profile.Production:
			read.Refuse(secret.name, "everybody knows this value, it stands in published examples: choose a long random text")
		case settings.Published(value):
			read.Warn(secret.name + " is known to everybody, it stands in published examples: choose a long random text")
		case len(value) < secret.least:
			read.Warn(fmt.Sprintf("%s is short: choose a random text of %d characters at least", secret.name, secret.least))
		case settings.Guessable(value, secret.least):
			read.Warn(secret.name + " repeats few characters: choose a random text")
		}
	}
	if profile.Production {
		openDoors(read)
	}
}

// openDoors warns of settings that are made for trials.
func openDoors(read *settings.Reader) {
	if slices.Contains(read.List("DJANGO_ALLOWED_HOSTS"), "*") {
		read.Warn("DJANGO_ALLOWED_HOSTS lets every host pass: name the public host")
	}
	for _, door := range []struct {
		name  string
		open  bool
		means string
	}{
		{"OIDC_VERIFY_SSL", false, "is off: whoever is between us and the provider can sign in as anybody"},
		{"LIVEKIT_VERIFY_SSL", false, "is off: whoever is between us and LiveKit can read and change what we ask of it"},
		{"OIDC_ALLOW_UNKNOWN_ISSUER", true, "is on: tokens of any issuer are believed"},
		{"DJANGO_CORS_ALLOW_ALL_ORIGINS", true, "is on: pages of any origin may ask in people's names"},
		{"OIDC_USE_NONCE", false, "is off: a stolen id token can be used again"},
	} {
		if read.Bool(door.name) == door.open {
			read.Warn(door.name + " " + door.means)
		}
	}
	for _, name := range []string{"DB_PASSWORD", "DJANGO_EMAIL_HOST_PASSWORD"} {
		if settings.Published(read.Text(name)) && read.Set(name) {
			read.Warn(name + " is known to everybody, it stands in published examples: choose a long random text")
		}
	}
	for _, v := range settings.All() {
		if v.URL() && v.Status == settings.Supported && read.Set(v.Name) && settings.PublishedIn(read.Text(v.Name)) {
			read.Warn(v.Name + " holds a password that is known to everybody, it stands in published examples: choose a long random text")
		}
	}
	if slices.ContainsFunc([]string{"DB_HOST", "DB_USER", "DB_NAME", "DB_PORT"}, read.Set) && !read.Set("DB_PASSWORD") && !read.Set("DATABASE_URL") {
		read.Warn("DB_PASSWORD is not set: the default of published examples is used")
	}
}
