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

// Rates are the limits of the endpoints that have one.
type Rates struct {
	CreationCallback, RequestEntry, RoomkitJoin, ConnectionTest Rate
}

// throttle is one limit and whose calls are counted together.
type throttle struct {
	scope string
	rate  func(Rates) Rate
	whose func(s *Server, c echo.Context) string // "" for who is not counted
}

// The limits.
var (
	throttleCreationCallback = &throttle{"creation_callback", func(r Rates) Rate { return r.CreationCallback }, (*Server).strangersAddress}
	throttleRequestEntry     = &throttle{"request_entry", func(r Rates) Rate { return r.RequestEntry }, (*Server).browserOf}
	throttleRoomkitJoin      = &throttle{"roomkit_join", func(r Rates) Rate { return r.RoomkitJoin }, func(*Server, echo.Context) string { return "all" }}
	throttleConnectionTest   = &throttle{"connection_test", func(r Rates) Rate { return r.ConnectionTest }, (*Server).personOf}
)

func (s *Server) strangersAddress(c echo.Context) string {
	if actor(c).SignedIn() {
		return ""
	}
	return s.clientAddress(c.Request())
}

func (s *Server) personOf(c echo.Context) string {
	if user := actor(c); user.SignedIn() {
		return user.ID.String()
	}
	return s.clientAddress(c.Request())
}

func (s *Server) browserOf(c echo.Context) string {
	if id := s.lobbyCookies.id(c); id != "" && !actor(c).SignedIn() {
		return id
	}
	return s.personOf(c)
}

// throttles keep clients from calling too often.
type throttles struct {
	limiters map[*throttle]throttled.RateLimiterCtx
	server   *Server
}

const maxClients = 65536 // whose recent calls are remembered

func newThrottles(s *Server) (*throttles, error) {
	store := s.Counts
	if store == nil {
		memory, err := memstore.NewCtx(maxClients)
		if err != nil {
			return nil, fmt.Errorf("throttle store: %w", err)
		}
		store = memory
	}
	t := &throttles{limiters: map[*throttle]throttled.RateLimiterCtx{}, server: s}
	for _, limit := range []*throttle{throttleCreationCallback, throttleRequestEntry, throttleRoomkitJoin, throttleConnectionTest} {
		rate := limit.rate(s.config.Rates)
		quota := throttled.RateQuota{MaxRate: throttled.PerDuration(rate.Limit, rate.Period), MaxBurst: rate.Limit - 1}
		limiter, err := throttled.NewGCRARateLimiterCtx(store, quota)
		if err != nil {
			return nil, fmt.Errorf("throttle %s: %w", limit.scope, err)
		}
		t.limiters[limit] = limiter
	}
	return t, nil
}

// check counts a request; the one too many is refused. While the counts
// cannot be reached, nobody is.
func (t *throttles) check(c echo.Context, limit *throttle) error {
	if limit == nil {
		return nil
	}
	whose := limit.whose(t.server, c)
	if whose == "" {
		return nil
	}
	ctx := c.Request().Context()
	limited, result, err := t.limiters[limit].RateLimitCtx(ctx, limit.scope+" "+whose, 1)
	if err != nil {
		if ctx.Err() == nil {
			t.server.World.Warn(ctx, "rate limits are off", "scope", limit.scope, "error", err)
		}
		return nil
	}
	if limited {
		t.server.World.Warn(ctx, "Rate limit exceeded for scope "+limit.scope)
		return tooMany(int(math.Ceil(result.RetryAfter.Seconds())))
	}
	return nil
}
