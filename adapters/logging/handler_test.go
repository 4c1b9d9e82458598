package logging_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"meet/adapters/logging"
)

// TestTheLogTellsNoPasswordOfAURL logs errors as libraries make them.
func TestTheLogTellsNoPasswordOfAURL(t *testing.T) {
	t.Parallel()
	for _, asJSON := range []bool{true, false} {
		var out bytes.Buffer
		log := slog.New(logging.New(&out, logging.Config{JSON: asJSON})).With("base", "https://u:hidden-1@h")
		parse := &url.Error{Op: "parse", URL: "http://u:hidden-2@h:port/", Err: errors.New("invalid port")}
		cause := &url.Error{Op: "Post", URL: "http://u:hidden-3@h/x?key=hidden-4", Err: errors.New("refused")}
		log.Warn("cannot reach wss://u:hidden-5@h", "error", parse, "cause", errors.Join(cause), "status", 500, "address", "redis://:hidden-6@h:1")
		log.Info("fine", "path", "/rooms/", "status", 200)
		if told := out.String(); strings.Contains(told, "hidden-") || !strings.Contains(told, "http://***@h/x?***") || !strings.Contains(told, "/rooms/") {
			t.Errorf("got %s", told)
		}
	}
}
