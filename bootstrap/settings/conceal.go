package settings

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"meet/domain"
)

// Concealer takes the secrets of an environment out of texts. It is a second
// line of defence: nothing tells secrets on purpose.
type Concealer struct{ secrets []string }

// minConcealed is for the length in bytes; shorter texts are parts of words.
const minConcealed = 6

// NewConcealer knows every secret in the environment and the files it names.
func NewConcealer(env map[string]string) Concealer {
	read := NewReader(func(name string) (string, bool) {
		value, set := env[name]
		return value, set
	})
	var c Concealer
	for _, v := range All() {
		if !v.Secret() && !v.URL() || !read.Set(v.Name) {
			continue
		}
		value := read.Text(v.Name)
		if v.URL() {
			c.addURL(value)
			continue
		}
		c.add(value)
		for line := range strings.Lines(value) {
			c.add(strings.TrimSpace(line))
		}
	}
	slices.SortFunc(c.secrets, func(a, b string) int { return len(b) - len(a) })
	return c
}

func (c *Concealer) add(secret string) {
	if len(secret) >= minConcealed && !Published(secret) && !slices.Contains(c.secrets, secret) {
		c.secrets = append(c.secrets, secret)
	}
}

// addURL knows the password in the address, or the key that stands alone
// before the host, and what options give such things.
func (c *Concealer) addURL(address string) {
	login, secrets := secretsOf(address)
	if user, password, both := strings.Cut(login, ":"); both {
		c.addEncoded(password)
	} else {
		c.addEncoded(user)
	}
	for _, secret := range secrets {
		c.addEncoded(secret)
	}
}

// PublishedIn reports whether the address holds a password that everybody
// knows, before the host or in an option.
func PublishedIn(address string) bool {
	login, secrets := secretsOf(address)
	if _, password, both := strings.Cut(login, ":"); both {
		secrets = append(secrets, password)
	}
	return slices.ContainsFunc(secrets, func(secret string) bool {
		return Published(unescape(secret))
	})
}

// secretsOf are the user and password before the host, and the values of
// options that are named like secrets, all as they stand there.
func secretsOf(address string) (login string, secrets []string) {
	_, rest, _ := strings.Cut(address, "://")
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		login = rest[:at]
	}
	_, options, _ := strings.Cut(rest, "?")
	for option := range strings.SplitSeq(options, "&") {
		name, value, _ := strings.Cut(option, "=")
		if slices.ContainsFunc([]string{"pass", "secret", "token", "key"}, func(word string) bool { return strings.Contains(strings.ToLower(name), word) }) {
			secrets = append(secrets, value)
		}
	}
	return login, secrets
}

func (c *Concealer) addEncoded(text string) {
	c.add(text)
	if plain, err := url.PathUnescape(text); err == nil {
		c.add(plain)
		c.add(url.QueryEscape(plain))
	}
}

// Text is the text without any secret, and with masked URLs.
func (c Concealer) Text(text string) string {
	for _, secret := range c.secrets {
		text = strings.ReplaceAll(text, secret, "***")
	}
	return domain.MaskURLs(text)
}

// Texts are the texts without any secret.
func (c Concealer) Texts(texts []string) []string {
	var list []string
	for _, text := range texts {
		list = append(list, c.Text(text))
	}
	return list
}

// maxQuoted is how long a value may be that a message repeats, in characters.
const maxQuoted = 24

// Quote is the value of a number, a choice or a name in a list as messages
// repeat it. What may be something else that was put there by mistake, such
// as a key, is not repeated.
func Quote(value string) string {
	if utf8.RuneCountInString(value) > maxQuoted || strings.ContainsAny(value, "@\r\n") || strings.Contains(value, "://") {
		return "what is set"
	}
	return "'" + value + "'"
}
