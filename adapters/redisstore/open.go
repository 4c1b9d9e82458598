package redisstore

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"meet/domain"
)

// Open makes a client of the server, the set or the cluster at the URL. It
// connects when it is used.
func Open(url string) (redis.UniversalClient, error) {
	address, err := Parse(url)
	if err != nil {
		return nil, err
	}
	options := address.options
	options.ContextTimeoutEnabled = true
	for _, limit := range []*time.Duration{&options.DialTimeout, &options.ReadTimeout, &options.WriteTimeout} {
		if *limit == 0 { // the URL may say otherwise
			*limit = patience
		}
	}
	if options.MaxRetries == 0 {
		options.MaxRetries = 1
	}
	options.DialerRetries = 1
	redis.SetLogger(quiet{})
	return redis.NewUniversalClient(&options), nil
}

// patience is for how long an answer is waited for: requests hang on it.
const patience = time.Second

// quiet keeps the library's messages out of the log: whoever asked logs the
// failure.
type quiet struct{}

// Printf implements the library's logger.
func (quiet) Printf(context.Context, string, ...any) {}

var errUnavailable = &domain.Error{Kind: domain.Unavailable, Detail: "Redis cannot be reached."}

// away marks any failure of Redis: nothing a caller sent can cause one.
func away(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errUnavailable, err)
}
