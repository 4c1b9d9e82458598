package httpapi_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"
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

// Scanners try many hosts, each many times: the log names each once an hour,
// and not more than a bounded number of them.
func TestHostsThatAreNotOursDoNotFloodTheLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.stranger()
	ask := func(host string) {
		b.header["Host"] = host
		b.get("/config/").is(400, `{"detail":"Invalid Host header."}`)
	}
	for range 50 {
		ask("other.example")
		ask("OTHER.example")
	}
	if len(w.Warnings) != 1 {
		t.Errorf("%d warnings of one host", len(w.Warnings))
	}
	w.Forward(61 * time.Minute)
	ask("other.example")
	if len(w.Warnings) != 2 {
		t.Errorf("an hour later %d warnings", len(w.Warnings))
	}
	for i := range 1000 {
		ask(fmt.Sprintf("host%d.example", i))
	}
	if len(w.Warnings) > 200 {
		t.Errorf("%d warnings of many hosts", len(w.Warnings))
	}
	w.Forward(61 * time.Minute)
	before := len(w.Warnings)
	ask("another.example")
	if len(w.Warnings) != before+1 {
		t.Error("an hour later a new host is not named")
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
