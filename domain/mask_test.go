package domain_test

import (
	"strings"
	"testing"

	"meet/domain"
)

func TestMaskedURLsShowNoSecrets(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                     "",
		"/callback/?code=hidden-1":             "/callback/?***",
		"https://id.example.org/realms/meet":   "https://id.example.org/realms/meet",
		"https://u:hidden-1@id.example.org/x":  "https://***@id.example.org/x",
		"https://hidden-1@sentry.example/42":   "https://***@sentry.example/42",
		"redis://:hidden-1@[::1]:6379/1":       "redis://***@[::1]:6379/1",
		"postgres://u:hidden@1#?/x@h/n":        "postgres://***",
		"postgres://u:hid@den-1@h:5432/n":      "postgres://***@h:5432/n",
		"postgres://u:hidden/1@h:5432/n":       "postgres://***@h:5432/n",
		"postgres://u:hidden#1@h:5432/n":       "postgres://***",
		"postgres://h/n?password=hidden@1":     "postgres://***",
		"postgres://h1:1,h2:2/n?password=hi":   "postgres://h1:1,h2:2/n?***",
		"redis://:hidden-1@a,redis://:hi-2@b":  "redis://***@b",
		"postgres://user:hidden-1":             "postgres://***",
		"unix://u:hidden-1@/run/redis.sock":    "unix://***@/run/redis.sock",
		"https://h/x?token=hidden-1#hidden-2":  "https://h/x?***",
		"u:hidden-1@h":                         "***",
		"hidden-1":                             "***",
		"hidden 1://h":                         "***",
		"https://u:hidden-1\n@h":               "https://***@h",
		"http://hidden-1 hidden-2/":            "http://***",
		"sqlite:///var/lib/meet.db":            "sqlite:///var/lib/meet.db",
		"redis+sentinel://u:hidden-1@h:1/m/1":  "redis+sentinel://***@h:1/m/1",
		"http://%68idden:hidden-1@h%zz/":       "http://***@h%zz/",
		"socks5://u:hidden-1@127.0.0.1:1080":   "socks5://***@127.0.0.1:1080",
		"https://u:hidden-1@münchen.example/":  "https://***@münchen.example/",
		"https://collector:4318/v1/traces":     "https://collector:4318/v1/traces",
		"wss://u:hidden-1@livekit.example.org": "wss://***@livekit.example.org",
	} {
		if got := domain.MaskURL(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		`Post "http://u:hidden-1@h/x?y=hidden": dial tcp: refused`: `Post "http://***@h/x?***": dial tcp: refused`,
		"from http://h:80: https://u:hidden-1@h2, done.":           "from http://h:80: https://***@h2, done.",
		"set it to redis://user:password@host:port/number":         "set it to redis://user:password@host:port/number",
		"give --url https://…":                                     "give --url https://…",
		"cannot read u:hidden-1@h/n":                               "cannot read ***@h/n",
		"nothing to hide: a@b.example at 12:30":                    "nothing to hide: a@b.example at 12:30",
	} {
		if got := domain.MaskURLs(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func FuzzMaskURL(f *testing.F) {
	for _, seed := range []string{"%s", "a%sb", "@%s", "%s?", "#%s/", "[%s]:"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, around string) {
		const secret = "qVz9secretXw7"
		for _, text := range []string{"http://u:" + around + secret + "@host/x", "http://u:" + secret + around + "@host/x", "redis://:" + around + secret + around + "@host"} {
			if strings.Contains(domain.MaskURL(text), secret) {
				t.Errorf("%q: got %q", text, domain.MaskURL(text))
			}
		}
	})
}
