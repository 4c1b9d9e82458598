package memstore

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/throttled/throttled/v2"
	"github.com/throttled/throttled/v2/store/memstore"

	"meet/ports"
)

// Counts keeps the counts of rate limits, for a server that is one process.
type Counts struct {
	store    throttled.GCRAStoreCtx
	mu       sync.Mutex
	limiters map[throttled.RateQuota]throttled.RateLimiterCtx
}

var _ ports.Counts = (*Counts)(nil)

const maxClients = 65536 // whose recent calls are remembered

// NewCounts has counted nothing yet.
func NewCounts() (*Counts, error) {
	store, err := memstore.NewCtx(maxClients)
	if err != nil {
		return nil, fmt.Errorf("counts: %w", err)
	}
	return &Counts{store: store, limiters: map[throttled.RateQuota]throttled.RateLimiterCtx{}}, nil
}

// Hit implements ports.Counts.
func (c *Counts) Hit(ctx context.Context, key string, times, limit int, period time.Duration) (time.Duration, error) {
	limiter, err := c.limiter(throttled.RateQuota{MaxRate: throttled.PerDuration(limit, period), MaxBurst: limit - 1})
	if err != nil {
		return 0, err
	}
	limited, result, err := limiter.RateLimitCtx(ctx, key, times)
	if err != nil { // so many at once that none of ours came through
		return period / time.Duration(limit), nil //nolint:nilerr // memory does not fail otherwise
	}
	if !limited {
		return 0, nil
	}
	return max(result.RetryAfter, time.Millisecond), nil
}

func (c *Counts) limiter(quota throttled.RateQuota) (throttled.RateLimiterCtx, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, is := c.limiters[quota]; is {
		return known, nil
	}
	limiter, err := throttled.NewGCRARateLimiterCtx(c.store, quota)
	if err != nil {
		return nil, fmt.Errorf("counts: %w", err)
	}
	c.limiters[quota] = limiter
	return limiter, nil
}
