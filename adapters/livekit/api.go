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
)

// api is LiveKit's server API (Twirp over HTTP).
type api struct {
	rooms  *lksdk.RoomServiceClient
	agents *lksdk.AgentDispatchClient
	sip    *lksdk.SIPClient
	egress *lksdk.EgressClient
}

func newAPI(config Config) *api {
	address := config.URL
	if parsed, err := url.Parse(config.URL); err == nil {
		parsed.Path, parsed.RawQuery = "", ""
		address = parsed.String()
	}
	address = strings.TrimSuffix(address, "/")
	return &api{
		rooms:  lksdk.NewRoomServiceClient(address, config.Key, config.Secret),
		agents: lksdk.NewAgentDispatchServiceClient(address, config.Key, config.Secret),
		sip:    lksdk.NewSIPClient(address, config.Key, config.Secret),
		egress: lksdk.NewEgressClient(address, config.Key, config.Secret),
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
	answer, answered := errors.AsType[twirp.Error](err)
	network, broken := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded), broken && network.Timeout():
		kind = domain.ErrLiveKitSlow
	case broken, !answered, answer.Meta("http_error_from_intermediary") == "true", undelivered(err):
		kind = domain.ErrLiveKitDown
	case absent != nil && answer.Code() == twirp.NotFound:
		return absent
	}
	return fmt.Errorf("%s: %w: %w", doing, kind, err)
}

// undelivered reports whether the client failed before there was an answer.
func undelivered(err error) bool {
	_, is := errors.AsType[*url.Error](err)
	return is
}
