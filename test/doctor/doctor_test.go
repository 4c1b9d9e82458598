package doctor

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"meet/bootstrap"
	"meet/bootstrap/doctor"
	"meet/domain"
)

// setUp is one way to get it wrong, and what the doctor has to say about it.
type setUp struct {
	name   string
	env    map[string]string                                   // changes to the healthy environment
	make   func(t *testing.T, w *world, env map[string]string) // makes parts, and changes the environment further
	url    string                                              // instead of the proxy's
	check  string
	status domain.FindingStatus
	mend   []string // words that the advice holds
}

// publicURL is where make puts the address of another proxy.
const publicURL = "TEST_PUBLIC_URL"

func TestTheDoctorNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("nothing, when all is well", func(t *testing.T) {
		for _, finding := range examine(t, w, setUp{}) {
			warned := strings.Contains(finding.Seen, "DJANGO_EMAIL_HOST_PASSWORD is sent unencrypted") // the test's mail server knows no TLS
			if finding.Status != domain.Healthy && !warned {
				t.Errorf("%+v", finding)
			}
		}
	})
	t.Run("the command", func(t *testing.T) { theCommand(t, w) })
	count := 0
	for _, table := range [][]setUp{configurations(), databases(), databaseReach(), providers(), lyingProviders(), mediaServers(), redises(), mailServers(), fronts(), unsafes(), kindsOfRedis(), loginOnly()} {
		for _, c := range table {
			count++
			t.Run(c.check+": "+c.name, func(t *testing.T) {
				t.Parallel()
				expect(t, examine(t, w, c), c)
			})
		}
	}
	if count < 30 {
		t.Errorf("only %d set-ups", count)
	}
}

func examine(t *testing.T, w *world, c setUp) []domain.Finding {
	t.Helper()
	env := w.with(c.env)
	if c.make != nil {
		c.make(t, w, env)
	}
	address := w.url
	if c.url != "" {
		address = c.url
	}
	if other, set := env[publicURL]; set {
		address = other
		delete(env, publicURL)
	}
	for name, value := range env {
		if value == "-" {
			delete(env, name)
		}
	}
	setup := bootstrap.Setup(env, address)
	setup.Roots = w.roots
	return doctor.Examine(t.Context(), setup)
}

// expect wants the finding, with the advice, and no secret in any.
func expect(t *testing.T, findings []domain.Finding, c setUp) {
	t.Helper()
	text, err := json.MarshalIndent(findings, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "hidden-") || strings.Contains(string(text), "odd|subject") {
		t.Errorf("a secret is told:\n%s", text)
	}
	for _, finding := range findings {
		if finding.Check == c.check && finding.Status == c.status && mentions(finding.Mend, c.mend) {
			if doctor.Failed(findings) || c.status != domain.Broken {
				return
			}
		}
	}
	findings = slices.DeleteFunc(findings, func(f domain.Finding) bool { return f.Status == domain.Healthy })
	t.Errorf("no finding %s (%s) that mentions %q in:\n%+v", c.check, c.status, c.mend, findings)
}

func mentions(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return text != "" || len(words) == 0
}
