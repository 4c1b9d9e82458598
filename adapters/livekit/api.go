package livekit

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/twitchtv/twirp"

	"meet/domain"
	"meet/ports"
)

// API is LiveKit's server API (Twirp over HTTP).
type API struct {
	rooms  *lksdk.RoomServiceClient
	agents *lksdk.AgentDispatchClient
	sip    *lksdk.SIPClient
	egress *lksdk.EgressClient
}

// NewAPI calls the server that config names, below the path of its address,
// if that has one; each call is counted.
func NewAPI(config Config, meter ports.Meter) *API {
	address := config.URL
	if parsed, err := url.Parse(config.URL); err == nil {
		parsed.RawQuery, parsed.Fragment = "", ""
		address = parsed.String()
	}
	address = strings.TrimRight(address, "/")
	watch := twirp.WithClientInterceptors(watched(meter))
	return &API{
		rooms:  lksdk.NewRoomServiceClient(address, config.Key, config.Secret, watch),
		agents: lksdk.NewAgentDispatchServiceClient(address, config.Key, config.Secret, watch),
		sip:    lksdk.NewSIPClient(address, config.Key, config.Secret, watch),
		egress: lksdk.NewEgressClient(address, config.Key, config.Secret, watch),
	}
}

const callTimeout = 10 * time.Second

// bounded lets calls end in time, and outlive the request that asked: half a
// change is worse than one that nobody waits for.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
}

// missing reports whether LiveKit says that there is no such thing.
func missing(err error) bool {
	answer, ok := errors.AsType[twirp.Error](err)
	return ok && answer.Code() == twirp.NotFound
}

// failure turns what the API's client says into the domain's errors; absent
// is the one for "not found", nil when that is no special case.
func failure(doing string, err, absent error) error {
	if err == nil {
		return nil
	}
	kind := domain.ErrLiveKitRefused
	if unauthenticated(err) {
		return fmt.Errorf("%s: %w, look at LIVEKIT_API_KEY and LIVEKIT_API_SECRET: %w", doing, domain.ErrLiveKitKey, err)
	}
	switch outcome(err) {
	case domain.CallSlow:
		kind = domain.ErrLiveKitSlow
	case domain.CallDown:
		kind = domain.ErrLiveKitDown
	case domain.CallAbsent:
		if absent != nil {
			return absent
		}
	}
	return fmt.Errorf("%s: %w: %w", doing, kind, err)
}

// outcome is how a call ended that failed with err, nil for one that did not.
func outcome(err error) domain.CallOutcome {
	answer, answered := errors.AsType[twirp.Error](err)
	network, broken := errors.AsType[net.Error](err)
	switch {
	case err == nil:
		return domain.CallDone
	case errors.Is(err, context.DeadlineExceeded), broken && network.Timeout():
		return domain.CallSlow
	case unauthenticated(err):
		return domain.CallRefused
	case broken, !answered, answer.Meta("http_error_from_intermediary") == "true", undelivered(err):
		return domain.CallDown
	case answer.Code() == twirp.NotFound:
		return domain.CallAbsent
	default:
		return domain.CallRefused
	}
}

// unauthenticated reports whether LiveKit does not know our key, or the
// signature of it; it says so in plain HTTP.
func unauthenticated(err error) bool {
	answer, answered := errors.AsType[twirp.Error](err)
	return answered && answer.Code() == twirp.Unauthenticated
}

// undelivered reports whether the client failed before there was an answer.
func undelivered(err error) bool {
	_, is := errors.AsType[*url.Error](err)
	return is
}
