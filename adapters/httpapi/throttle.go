package httpapi

import (
	"context"
	"math"
	"time"

	"github.com/labstack/echo/v4"

	"meet/domain"
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
	CreationCallback, RequestEntry, RoomkitJoin, ConnectionTest, Invitations Rate
}

// throttle is one limit and whose calls are counted together.
type throttle struct {
	scope string
	rate  func(Rates) Rate
	whose func(s *Server, c echo.Context) []counted
}

// counted are those whose calls are counted together, and how many times the
// limit they have.
type counted struct {
	key   string
	times int
}

// The limits.
var (
	throttleCreationCallback = &throttle{"creation_callback", func(r Rates) Rate { return r.CreationCallback }, (*Server).strangersNetworks}
	throttleRequestEntry     = &throttle{"request_entry", func(r Rates) Rate { return r.RequestEntry }, (*Server).browserOf}
	throttleCrowd            = &throttle{"request_entry_address", func(r Rates) Rate { return r.RequestEntry.times(crowd) }, (*Server).strangersNetworks}
	throttleRoomkitJoin      = &throttle{"roomkit_join", func(r Rates) Rate { return r.RoomkitJoin }, func(*Server, echo.Context) []counted { return []counted{{"all", 1}} }}
	throttleInvitations      = &throttle{"invitations", func(r Rates) Rate { return r.Invitations }, (*Server).personOf}
	throttleSubtitles        = &throttle{"start_subtitle", func(Rates) Rate { return Rate{20, time.Minute} }, (*Server).inMeeting}
	throttleConnectionTest   = &throttle{"connection_test", func(r Rates) Rate { return r.ConnectionTest }, (*Server).personOf}
)

func (s *Server) strangersNetworks(c echo.Context) []counted {
	if actor(c).SignedIn() {
		return nil
	}
	return networksOf(c)
}

// inMeeting is whom a LiveKit access token is of, in its room.
func (s *Server) inMeeting(c echo.Context) []counted {
	pass := passOf(c)
	if pass == nil || s.config.SubtitleAgent == "" {
		return nil
	}
	return []counted{{pass.Room + " " + domain.Whose(pass.Identity), 1}}
}

func (s *Server) personOf(c echo.Context) []counted {
	if user := actor(c); user.SignedIn() {
		return []counted{{user.ID.String(), 1}}
	}
	return networksOf(c)
}

// networksOf are the client's networks: with the size of a network its limit
// rises, but not by as much.
func networksOf(c echo.Context) []counted {
	var list []counted
	for _, network := range domain.Networks(addressOf(c)) {
		list = append(list, counted{network.Name, network.Times})
	}
	return list
}

func (s *Server) browserOf(c echo.Context) []counted {
	if id := s.lobbyCookies.id(c); id != "" && !actor(c).SignedIn() {
		return []counted{{id, 1}}
	}
	return s.personOf(c)
}

// throttles keep clients from calling too often.
type throttles struct{ *Server }

// check counts a request under all its limits; the one too many is refused.
// While the counts cannot be reached, nobody is. The limits of the smallest
// come first, and a refusal is the end: what is refused to one client uses up
// no limit of its larger networks.
func (t throttles) check(c echo.Context, limits []*throttle) error {
	if held := holdOf(c); held != nil && held.spent {
		return nil // it was counted before it waited
	}
	for _, limit := range limits {
		if err := t.charge(c, limit, 1); err != nil {
			return err
		}
	}
	return nil
}

// charge counts a request as so many, which must not be more than the limit
// ever allows; too many are refused.
func (t throttles) charge(c echo.Context, limit *throttle, times int) error {
	for _, whose := range limit.whose(t.Server, c) {
		if wait := t.hit(c.Request().Context(), limit, whose, times); wait > 0 {
			return tooMany(int(math.Ceil(wait.Seconds())))
		}
	}
	return nil
}

// hit counts so many requests under one limit, and says how long to wait.
func (t throttles) hit(ctx context.Context, limit *throttle, whose counted, times int) time.Duration {
	rate := limit.rate(t.config.Rates).times(whose.times)
	wait, err := t.Counts.Hit(ctx, limit.scope+" "+whose.key, times, rate.Limit, rate.Period)
	switch {
	case err != nil && ctx.Err() == nil:
		t.World.Warn(ctx, "rate limits are off", "scope", limit.scope, "error", err)
	case wait > 0:
		t.World.Warn(ctx, "Rate limit exceeded for scope "+limit.scope)
	}
	return wait
}
