package redisstore

import (
	"github.com/redis/go-redis/v9"
	"github.com/throttled/throttled/v2"
	"github.com/throttled/throttled/v2/store/goredisstore.v9"
)

// NewCounts keeps the counts of rate limits.
func NewCounts(client *redis.Client) (throttled.GCRAStoreCtx, error) {
	return goredisstore.NewCtx(client, "meet_throttle:")
}
