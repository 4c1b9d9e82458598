package httpapi_test

import (
	"bytes"
	"log/slog"
	"net/url"
	"strings"
	"testing"
)

// The operator reads why nobody is answered.
func TestAHostThatIsNotOursIsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.stranger()
	b.header["Host"] = "other.example"
	b.get("/config/").is(400, `{"detail":"Invalid Host header."}`)
	if warned := strings.Join(w.Warnings, " "); !strings.Contains(warned, "DJANGO_ALLOWED_HOSTS") {
		t.Errorf("warnings: %s", warned)
	}
}

// What the provider says about a refusal is in the log, short and plain.
func TestARefusalOfTheProviderIsLogged(t *testing.T) { //nolint:paralleltest // the log is everybody's
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	w := newWorld(t)
	b := w.stranger()
	said := "Missing parameter:\n code_challenge_method " + strings.Repeat("!", 5000)
	b.get("/callback/?error=invalid_request&error_description="+url.QueryEscape(said)+"&state="+b.start("/authenticate/")).is(302, "")
	for _, want := range []string{"invalid_request", "code_challenge_method"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s: %s", want, &log)
		}
	}
	for line := range strings.Lines(log.String()) {
		if len(line) > 1000 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
}
