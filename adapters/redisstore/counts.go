package redisstore

import (
	"context"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"

	"meet/ports"
)

// Counts keeps the counts of rate limits, each hit by one script.
type Counts struct{ limiter *redis_rate.Limiter }

var _ ports.Counts = (*Counts)(nil)

// NewCounts keeps them in the client's database.
func NewCounts(client redis.UniversalClient) *Counts { return &Counts{redis_rate.NewLimiter(client)} }

// Hit implements ports.Counts.
func (c *Counts) Hit(ctx context.Context, key string, times, limit int, period time.Duration) (time.Duration, error) {
	result, err := c.limiter.AllowN(ctx, "meet:"+key, redis_rate.Limit{Rate: limit, Burst: limit, Period: period}, times)
	if err != nil {
		return 0, away(err)
	}
	if result.Allowed > 0 {
		return 0, nil
	}
	return max(result.RetryAfter, time.Millisecond), nil
}
