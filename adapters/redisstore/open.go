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

// ErrRefused says that Redis will never let us in as configured.
var ErrRefused = errors.New("Redis refuses what REDIS_URL says") //nolint:staticcheck // a name

const startPatience = 3 * time.Second

// Check asks Redis whether it lets us in. It fails with ErrRefused for wrong
// credentials and the like, and with another error when Redis is away.
func Check(ctx context.Context, client redis.UniversalClient) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	err := client.Ping(ctx).Err()
	if err == nil {
		return nil
	}
	if reason, refused := refusal(err); refused {
		return fmt.Errorf("%w: %s", ErrRefused, reason)
	}
	return away(err)
}

// refusal tells why Redis does not let us in, when waiting will not help.
func refusal(err error) (reason string, refused bool) {
	switch text := err.Error(); {
	case strings.Contains(text, "WRONGPASS"), strings.Contains(text, "invalid username-password"), strings.Contains(text, "invalid password"):
		return "the user or password is wrong", true
	case strings.Contains(text, "NOAUTH"):
		return "a password is needed", true
	case strings.Contains(text, "without any password configured"), strings.Contains(text, "no password is set"):
		return "it has no password, and one is given", true
	case strings.Contains(text, "DB index"), strings.Contains(text, "SELECT is not allowed"):
		return "there is no database of that number", true
	case strings.Contains(text, "cluster support disabled"):
		return "it is no cluster", true
	case strings.Contains(text, "all sentinels") && strings.Contains(text, redis.Nil.Error()):
		return "Sentinel knows no set of that name", true
	}
	return "", false
}

var errUnavailable = &domain.Error{Kind: domain.Unavailable, Detail: "Redis cannot be reached."}

// away marks any failure of Redis: nothing a caller sent can cause one.
func away(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errUnavailable, err)
}
