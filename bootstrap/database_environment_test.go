package bootstrap_test

import (
	"strings"
	"testing"

	"meet/bootstrap"
)

// TestVariablesOfLibpqGetTheVerdictOfTheOption sets what providers hand out
// beside an address, and what nobody keeps.
func TestVariablesOfLibpqGetTheVerdictOfTheOption(t *testing.T) {
	for text, refused := range map[string]bool{
		"PGCHANNELBINDING=require": false, "PGCHANNELBINDING=prefer": false, "PGGSSENCMODE=disable": false, "PGSSLCERTMODE=allow": false,
		"PGREQUIREPEER=": false, "PGREQUIREPEER=postgres": true, "PGREQUIREAUTH=scram-sha-256": true, "PGGSSENCMODE=require": true,
	} {
		t.Run(text, func(t *testing.T) {
			name, value, _ := strings.Cut(text, "=")
			t.Setenv(name, value)
			config, problems := bootstrap.Load(with(minimal(), map[string]string{"DATABASE_URL": "postgres://u:p@h/n", name: value}))
			if refused != (len(problems) == 1) || refused && !strings.HasPrefix(problems[0], name+": ") {
				t.Errorf("problems: %q", problems)
			}
			if warned := strings.Contains(strings.Join(config.Warnings, " "), name); text == "PGCHANNELBINDING=require" && !warned {
				t.Errorf("warnings: %q", config.Warnings)
			}
		})
	}
}
