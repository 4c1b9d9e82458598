package logging

import (
	"io"
	"sync"
	"time"
)

const (
	batchTime = 50 * time.Millisecond // for which a line may wait for others
	batchSize = 32 << 10              // bytes
)

// Batch is a writer that passes lines on together while many come at a time:
// a busy server would spend more on writing its log than on forming it. What
// is written waits 50 ms at most; a line after a pause goes out at once.
type Batch struct {
	mu      sync.Mutex
	out     io.Writer
	lines   []byte
	flushed time.Time
	timer   *time.Timer
}

// NewBatch passes on to out.
func NewBatch(out io.Writer) *Batch {
	b := &Batch{out: out}
	b.timer = time.AfterFunc(time.Hour, b.Flush)
	b.timer.Stop()
	return b
}

// Write implements io.Writer. It never fails: a log that cannot be written
// stops nobody.
func (b *Batch) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.lines) == 0 {
		b.timer.Reset(batchTime)
	}
	b.lines = append(b.lines, line...)
	if len(b.lines) >= batchSize || time.Since(b.flushed) >= batchTime {
		b.flush()
	}
	return len(line), nil
}

// Flush passes on what waits.
func (b *Batch) Flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.flush()
}

func (b *Batch) flush() {
	b.timer.Stop()
	if len(b.lines) > 0 {
		_, _ = b.out.Write(b.lines)
		b.lines = b.lines[:0]
	}
	b.flushed = time.Now()
}
