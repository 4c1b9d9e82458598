package ports

import (
	"context"
	"time"
)

// Counts limits how often things happen (GCRA: a bucket that leaks evenly).
type Counts interface {
	// Hit counts so many times more under the key, all or none. It reports how
	// long to wait when that is more than limit per period, which is not
	// counted, else 0. More times than the limit would have to wait for ever:
	// callers refuse those.
	Hit(ctx context.Context, key string, times, limit int, period time.Duration) (wait time.Duration, err error)
}
