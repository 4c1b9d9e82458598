package livekit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/livekit/protocol/livekit"
	"github.com/twitchtv/twirp"

	"meet/domain"
	"meet/ports"
)

const minSecret = 32 // characters; LiveKit refuses to start with less

// Examine looks at the media server and our key.
func Examine(ctx context.Context, config Config) []domain.Finding {
	findings := []domain.Finding{address(config.URL), secret(config.Secret)}
	theirs, err := greet(ctx, config)
	if err != nil {
		return append(findings, domain.Finding{Check: "livekit.server", Status: domain.Broken,
			Seen: "LiveKit does not answer: " + reason(err), Mend: "check LIVEKIT_API_URL, and LIVEKIT_VERIFY_SSL when it is about a certificate"},
			domain.Finding{Check: "livekit.keys", Status: domain.Unexamined, Seen: "not asked: LiveKit does not answer"},
			domain.Finding{Check: "livekit.clock", Status: domain.Unexamined, Seen: "not asked: LiveKit does not answer"})
	}
	_, err = NewAPI(config, unmetered{}).rooms.ListRooms(ctx, &livekit.ListRoomsRequest{Names: []string{"examination-of-the-set-up"}})
	findings = append(findings, understood(err)...)
	if theirs.IsZero() {
		return append(findings, domain.Finding{Check: "livekit.clock", Status: domain.Unexamined, Seen: "LiveKit tells no time"})
	}
	return append(findings, domain.ClockFinding("livekit.clock", theirs, time.Now()))
}

// address looks at the form of the URL alone.
func address(text string) domain.Finding {
	const check = "livekit.url"
	parsed, err := url.Parse(text)
	if err == nil && parsed.RawQuery != "" {
		return domain.Finding{Check: check, Status: domain.Doubtful, Seen: "the address has a query, which the API's calls leave out",
			Mend: "set LIVEKIT_API_URL to scheme, host and, behind a proxy, path"}
	}
	return domain.Finding{Check: check, Status: domain.Healthy, Seen: "the address has the right form"}
}

func secret(text string) domain.Finding {
	const check = "livekit.secret"
	if len(text) < minSecret {
		return domain.Finding{Check: check, Status: domain.Doubtful, Seen: fmt.Sprintf("the secret is shorter than %d characters", minSecret),
			Mend: "choose a longer LIVEKIT_API_SECRET, here and in the keys of LiveKit's configuration"}
	}
	return domain.Finding{Check: check, Status: domain.Healthy, Seen: "the secret is long enough"}
}

// greet asks for LiveKit's front page; it tells LiveKit's time, zero if it
// does not say.
func greet(ctx context.Context, config Config) (time.Time, error) {
	parsed, err := url.Parse(config.URL)
	if err != nil {
		return time.Time{}, err
	}
	parsed.Scheme = strings.Replace(parsed.Scheme, "ws", "http", 1)
	parsed.Path, parsed.RawQuery = strings.TrimRight(parsed.Path, "/")+"/", ""
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, parsed.String(), nil)
	if err != nil {
		return time.Time{}, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return time.Time{}, err
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10)) // lets the connection be used again
	date, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return time.Time{}, nil // no time is told
	}
	return date, nil
}

// understood judges how LiveKit took a call that changes nothing.
func understood(err error) []domain.Finding {
	server := domain.Finding{Check: "livekit.server", Status: domain.Healthy, Seen: "LiveKit answers; it tells its version to participants only"}
	keys := domain.Finding{Check: "livekit.keys", Status: domain.Broken}
	answer, answered := errors.AsType[twirp.Error](err)
	switch {
	case err == nil:
		keys.Status, keys.Seen = domain.Healthy, "LiveKit takes our key"
	case answered && answer.Code() == twirp.Unauthenticated, answered && answer.Code() == twirp.PermissionDenied:
		keys.Seen = "LiveKit refuses our key"
		keys.Mend = "set LIVEKIT_API_KEY and LIVEKIT_API_SECRET to a pair in the keys of LiveKit's configuration; see livekit.clock too"
	case !answered || answer.Meta("http_error_from_intermediary") == "true" || answer.Code() == twirp.BadRoute:
		server.Status, server.Seen = domain.Broken, "what answers there is not LiveKit's API"
		server.Mend = "set LIVEKIT_API_URL to LiveKit itself, or let the proxy pass /twirp/ on to it"
		keys.Status, keys.Seen = domain.Unexamined, "not asked: it is not LiveKit's API"
	default:
		keys.Seen, keys.Mend = "LiveKit cannot list rooms: "+string(answer.Code()), "look into LiveKit's log"
	}
	return []domain.Finding{server, keys}
}

func reason(err error) string {
	if address, ok := errors.AsType[*url.Error](err); ok {
		err = address.Err
	}
	if network, ok := errors.AsType[*net.OpError](err); ok {
		err = network
	}
	return err.Error()
}

// unmetered counts nothing.
type unmetered struct{ ports.Meter }

// Called implements ports.Meter.
func (unmetered) Called(string, domain.CallOutcome, time.Duration) {}

// Trial is a throw-away room, which makes LiveKit report to us.
type Trial struct {
	api  *API
	name string
}

// StartTrial opens the room; it has to be ended.
func StartTrial(ctx context.Context, config Config, name string) (*Trial, error) {
	t := &Trial{NewAPI(config, unmetered{}), name}
	_, err := t.api.rooms.CreateRoom(ctx, &livekit.CreateRoomRequest{Name: name, EmptyTimeout: 30, MaxParticipants: 1})
	return t, failure("create LiveKit room", err, nil)
}

// End closes the room.
func (t *Trial) End(ctx context.Context) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	_, err := t.api.rooms.DeleteRoom(ctx, &livekit.DeleteRoomRequest{Room: t.name})
	return failure("delete LiveKit room", err, nil)
}
