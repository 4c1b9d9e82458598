package httpapi

import (
	"fmt"
	"math"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/throttled/throttled/v2"
	"github.com/throttled/throttled/v2/store/memstore"
)

// Rate is how often one client may call: Limit times per Period.
type Rate struct {
	Limit  int
	Period time.Duration
}

// ThrottleCreationCallback is the scope of asking for a created room.
const ThrottleCreationCallback = "creation_callback"

// throttles keep clients from calling too often.
type throttles struct {
	limiters map[string]throttled.RateLimiterCtx
	server   *Server
}

const maxClients = 65536 // whose recent calls are remembered

func newThrottles(s *Server) (*throttles, error) {
	store, err := memstore.NewCtx(maxClients)
	if err != nil {
		return nil, fmt.Errorf("throttle store: %w", err)
	}
	t := &throttles{limiters: map[string]throttled.RateLimiterCtx{}, server: s}
	for scope, rate := range map[string]Rate{ThrottleCreationCallback: s.config.CallbackThrottle} {
		quota := throttled.RateQuota{MaxRate: throttled.PerDuration(rate.Limit, rate.Period), MaxBurst: rate.Limit - 1}
		limiter, err := throttled.NewGCRARateLimiterCtx(store, quota)
		if err != nil {
			return nil, fmt.Errorf("throttle %s: %w", scope, err)
		}
		t.limiters[scope] = limiter
	}
	return t, nil
}

// check counts a request of the client; the one too many is refused.
func (t *throttles) check(c echo.Context, scope string) error {
	key := scope + " " + t.server.clientAddress(c.Request())
	limited, result, err := t.limiters[scope].RateLimitCtx(c.Request().Context(), key, 1)
	if err != nil {
		return fmt.Errorf("throttle %s: %w", scope, err)
	}
	if limited {
		t.server.World.Warn(c.Request().Context(), "Rate limit exceeded for scope "+scope)
		return tooMany(int(math.Ceil(result.RetryAfter.Seconds())))
	}
	return nil
}
