package logging_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"meet/adapters/logging"
)

// guarded is a buffer that the batch's timer writes to, too.
type guarded struct {
	mu sync.Mutex
	bytes.Buffer
}

func (g *guarded) Write(text []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.Buffer.Write(text)
}

func (g *guarded) String() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.Buffer.String()
}

func TestLinesOfABusyServerAreWrittenTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out guarded
		batch := logging.NewBatch(&out)
		log := slog.New(logging.New(batch, logging.Config{}))
		log.Info("first")
		if !strings.Contains(out.String(), "first") {
			t.Error("a line after a pause waits")
		}
		log.Info("second")
		log.Info("third")
		if strings.Contains(out.String(), "second") {
			t.Error("lines that follow closely do not wait for each other")
		}
		time.Sleep(51 * time.Millisecond) // of the bubble's clock
		synctest.Wait()
		if lines := strings.Count(out.String(), "\n"); lines != 3 {
			t.Errorf("%d lines after 50 ms, want 3", lines)
		}
	})
}

func TestWarningsDoNotWait(t *testing.T) {
	var out bytes.Buffer
	batch := logging.NewBatch(&out)
	for name, log := range map[string]*slog.Logger{
		"text":       slog.New(logging.New(batch, logging.Config{})),
		"JSON":       slog.New(logging.New(batch, logging.Config{JSON: true})),
		"attributes": slog.New(logging.New(batch, logging.Config{})).With("a", 1).WithGroup("g"),
	} {
		log.Info("before")
		log.WarnContext(context.Background(), "trouble with "+name)
		if !strings.Contains(out.String(), "trouble with "+name) {
			t.Errorf("%s: a warning waits", name)
		}
	}
}

func TestFlushWritesWhatWaits(t *testing.T) {
	var out bytes.Buffer
	batch := logging.NewBatch(&out)
	for range 3 {
		_, _ = batch.Write([]byte("line\n"))
	}
	batch.Flush()
	if got := strings.Count(out.String(), "line"); got != 3 {
		t.Errorf("%d lines, want 3", got)
	}
}
