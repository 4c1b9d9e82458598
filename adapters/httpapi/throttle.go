package httpapi

import (
	"math"
	"net/netip"
	"time"

	"github.com/labstack/echo/v4"
)

// Rate is how often one client may call: Limit times per Period.
type Rate struct {
	Limit  int
	Period time.Duration
}

func (r Rate) times(n int) Rate { return Rate{r.Limit * n, r.Period} }

// crowd is how many guests behind one address may poll the lobby as often as
// one is allowed to.
const crowd = 50

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
	throttleCrowd            = &throttle{"request_entry_address", func(r Rates) Rate { return r.RequestEntry.times(crowd) }, (*Server).strangersAddress}
	throttleRoomkitJoin      = &throttle{"roomkit_join", func(r Rates) Rate { return r.RoomkitJoin }, func(*Server, echo.Context) string { return "all" }}
	throttleConnectionTest   = &throttle{"connection_test", func(r Rates) Rate { return r.ConnectionTest }, (*Server).personOf}
)

func (s *Server) strangersAddress(c echo.Context) string {
	if actor(c).SignedIn() {
		return ""
	}
	return s.household(c)
}

func (s *Server) personOf(c echo.Context) string {
	if user := actor(c); user.SignedIn() {
		return user.ID.String()
	}
	return s.household(c)
}

// household is the client's address, of IPv6 the part that one customer of a
// network provider has for itself (RFC 6177).
func (s *Server) household(c echo.Context) string {
	text := s.clientAddress(c.Request())
	address, err := netip.ParseAddr(text)
	if err != nil || address.Is4() || address.Is4In6() {
		return text
	}
	network, err := address.WithZone("").Prefix(64)
	if err != nil {
		return text
	}
	return network.String()
}

func (s *Server) browserOf(c echo.Context) string {
	if id := s.lobbyCookies.id(c); id != "" && !actor(c).SignedIn() {
		return id
	}
	return s.personOf(c)
}

// throttles keep clients from calling too often.
type throttles struct{ *Server }

// check counts a request under all its limits; the one too many is refused.
// While the counts cannot be reached, nobody is.
func (t throttles) check(c echo.Context, limits []*throttle) error {
	if held := holdOf(c); held != nil && held.spent {
		return nil // it was counted before it waited
	}
	ctx := c.Request().Context()
	var longest time.Duration
	for _, limit := range limits {
		whose, rate := limit.whose(t.Server, c), limit.rate(t.config.Rates)
		if whose == "" {
			continue
		}
		wait, err := t.Counts.Hit(ctx, limit.scope+" "+whose, rate.Limit, rate.Period)
		switch {
		case err != nil && ctx.Err() == nil:
			t.World.Warn(ctx, "rate limits are off", "scope", limit.scope, "error", err)
		case wait > 0:
			t.World.Warn(ctx, "Rate limit exceeded for scope "+limit.scope)
		}
		longest = max(longest, wait)
	}
	if longest > 0 {
		return tooMany(int(math.Ceil(longest.Seconds())))
	}
	return nil
}
