package settings_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"meet/bootstrap/settings"
)

var update = flag.Bool("update", false, "write the documents anew")

// TestTheDocumentsNameEveryVariable keeps docs/configuration.md and
// .env.example equal to the table; -update writes them.
func TestTheDocumentsNameEveryVariable(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"../../docs/configuration.md": configuration(), "../../.env.example": example()} {
		if *update {
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%s is not what the table says; run make generate", path)
		}
	}
}

var statusWords = map[settings.Status]string{settings.Supported: "yes", settings.Later: "not yet", settings.Unused: "no effect"}

func configuration() string {
	var text strings.Builder
	text.WriteString(`# Configuration

Everything is set by environment variables; a ` + "`.env`" + ` file in the working directory fills what is unset. Names, formats and
defaults are those of La Suite Meet's backend, so its environment can be used as it is. ` + "`meet config`" + ` shows the effective
values, secrets masked, and names every mistake at once. Misspelt variables, and those that have no effect, are warnings at start.
White space around a value (a line end, for instance) is taken off, with a warning; so is that of files. A value of several lines needs
quotation marks in ` + "`.env`" + `.

| format | accepted |
|---|---|
| bool | ` + "`true false yes no y n on off t f 1 0`" + `, in any case; empty is false |
| int, uint | a whole number; uint is not negative |
| list | items between commas, trimmed |
| dict | a Python literal or JSON; replaces the whole default |
| pairs | ` + "`code,Name;code,Name`" + ` |
| url | an address; its user, password, query and fragment are never shown |
| rate | ` + "`N/period`" + `, where the first letter of the period counts: s, m, h, d |
| secret | a text; ` + "`<NAME>_FILE`" + ` may name a file that holds it, which wins |

Profiles (` + "`DJANGO_CONFIGURATION`" + `): ` + "`Base`" + ` has the defaults below. ` + "`Production`" + ` (and Feature, Staging, Sandbox, PreProduction, Demo)
redirects to https, sends HSTS, marks cookies Secure, reads ` + "`DJANGO_CSRF_TRUSTED_ORIGINS`" + ` and answers to its own IP addresses.
` + "`Development`" + ` answers to every host, allows every CORS origin, calls its session cookie ` + "`meet_sessionid`" + ` and serves the API's
documentation. ` + "`Test`" + ` uses fixed LiveKit keys. Cookies are Secure in every profile when the public address is https.

The standalone server sets what is missing: data folder ` + "`data`" + `, ` + "`LISTEN_ADDR=127.0.0.1:8000`" + `, generated keys, its own media
server, and the demo identity provider when no ` + "`OIDC_OP_*`" + ` variable is set.
`)
	group := ""
	for _, v := range settings.All() {
		if v.Group != group {
			group = v.Group
			fmt.Fprintf(&text, "\n## %s\n\n| variable | format | default | supported | meaning |\n|---|---|---|---|---|\n", group)
		}
		value := ""
		if v.Default != "" {
			value = "`" + v.Default + "`"
		}
		fmt.Fprintf(&text, "| `%s` | %s | %s | %s | %s |\n", v.Name, v.Type, value, statusWords[v.Status], strings.ReplaceAll(v.Meaning, "|", `\|`))
	}
	return text.String()
}

func example() string {
	var text strings.Builder
	text.WriteString("# Copy to .env and uncomment what you need. docs/configuration.md explains formats.\n")
	group := ""
	for _, v := range settings.All() {
		if v.Group != group {
			group = v.Group
			fmt.Fprintf(&text, "\n# --- %s ---\n", group)
		}
		note := map[settings.Status]string{settings.Later: " (not supported yet)", settings.Unused: " (no effect)"}[v.Status]
		fmt.Fprintf(&text, "# %s%s\n#%s=%s\n", v.Meaning, note, v.Name, v.Default)
	}
	return text.String()
}
