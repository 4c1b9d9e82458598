package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"meet/domain"
)

// Open makes a client of the first of the URLs (separated by commas); what
// they mean is what redis.ParseURL reads. It connects when it is used.
func Open(urls string) (*redis.Client, error) {
	first, _, _ := strings.Cut(urls, ",")
	options, err := redis.ParseURL(strings.TrimSpace(first))
	if err != nil {
		return nil, errNotURL
	}
	options.ContextTimeoutEnabled = true
	for _, limit := range []*time.Duration{&options.DialTimeout, &options.ReadTimeout, &options.WriteTimeout} {
		if *limit == 0 { // the URL may say otherwise
			*limit = patience
		}
	}
	options.MaxRetries, options.DialerRetries = 1, 1
	redis.SetLogger(quiet{})
	return redis.NewClient(options), nil
}

// patience is for how long an answer is waited for: requests hang on it.
const patience = time.Second

// quiet keeps the library's messages out of the log: whoever asked logs the
// failure.
type quiet struct{}

// Printf implements the library's logger.
func (quiet) Printf(context.Context, string, ...any) {}

// errNotURL tells no reason: it could quote the password.
var errNotURL = errors.New("not a Redis URL")

var errUnavailable = &domain.Error{Kind: domain.Unavailable, Detail: "Redis cannot be reached."}

// away marks any failure of Redis: nothing a caller sent can cause one.
func away(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errUnavailable, err)
}
