package load

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"testing"

	"github.com/google/uuid"

	"meet/test/client"
	"meet/test/postgres"
	"meet/test/process"
	"meet/test/redis"
)

// site is a server on a database of some size.
type site struct {
	server  *process.Process
	metrics string // host:port
	size    int
	owner   http.Header
	guest   http.Header
	lobby   string // slug of a room before which the guest waits
	http    *http.Client
	t       testing.TB
}

func newSite(b testing.TB, size int) *site {
	b.Helper()
	s := &site{size: size, metrics: process.Free(b), t: b, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	address, database := process.Free(b), postgres.URL(b)
	env := process.Environment(b, database, address)
	env["LISTEN_ADDR"], env["METRICS_ADDR"], env["REDIS_URL"], env["LOGGING_LEVEL_LOGGERS_APP"] = address, s.metrics, redis.Start(b).URL, "ERROR"
	env["CONNECTION_TEST_ENABLED"], env["CONNECTION_TEST_THROTTLE_RATES"] = "true", "1000000/second"
	s.server = process.New(b, env)
	s.server.Start()
	s.server.Stop()
	seed(b, database, size)
	s.server.Start()
	owner := s.browser()
	owner.SignIn("demo-alice")
	for range 5 {
		s.lobby, _ = owner.NewRoom()["slug"].(string)
	}
	owner.Must(http.StatusOK, http.MethodPatch, "/rooms/"+s.lobby+"/", map[string]any{"access_level": "restricted"})
	guest := s.browser()
	guest.Must(http.StatusOK, http.MethodPost, "/rooms/"+s.lobby+"/request-entry/", map[string]any{"username": "guest"})
	s.owner, s.guest = owner.Headers(), guest.Headers()
	return s
}

func (s *site) browser() *client.Client { return client.New(s.t, "http://"+s.server.Address) }

// some is the slug of one of the rooms.
func (s *site) some() string { return fmt.Sprintf("seed-room-%d", 1+rand.IntN(s.size)) }

// calls are what people and LiveKit do.
var calls = map[string]func(context.Context, *site) error{
	"a stranger's room": func(ctx context.Context, s *site) error {
		return s.ask(ctx, http.MethodGet, "/rooms/"+s.some()+"/", nil, nil, http.StatusOK)
	},
	"a person's room": func(ctx context.Context, s *site) error {
		return s.ask(ctx, http.MethodGet, "/rooms/"+s.some()+"/", nil, s.owner, http.StatusOK)
	},
	"me": func(ctx context.Context, s *site) error {
		return s.ask(ctx, http.MethodGet, "/users/me/", nil, s.owner, http.StatusOK)
	},
	"my rooms": func(ctx context.Context, s *site) error {
		return s.ask(ctx, http.MethodGet, "/rooms/?page_size=20", nil, s.owner, http.StatusOK)
	},
	"a new room": func(ctx context.Context, s *site) error {
		slug := "new-" + uuid.NewString()[:13]
		if err := s.ask(ctx, http.MethodPost, "/rooms/", map[string]any{"name": slug}, s.owner, http.StatusCreated); err != nil {
			return err
		}
		return s.ask(ctx, http.MethodDelete, "/rooms/"+slug+"/", nil, s.owner, http.StatusNoContent) // or the list above would grow
	},
	"a poll of the lobby": func(ctx context.Context, s *site) error {
		return s.ask(ctx, http.MethodPost, "/rooms/"+s.lobby+"/request-entry/", map[string]any{"username": "guest"}, s.guest, http.StatusOK)
	},
	"a token": func(ctx context.Context, s *site) error {
		return s.ask(ctx, http.MethodPost, "/diagnostics/connection/", nil, nil, http.StatusOK)
	},
	"an event": func(ctx context.Context, s *site) error { return s.report(ctx) },
	"a sign-in": func(_ context.Context, s *site) error {
		s.browser().SignIn("demo-bob")
		return nil
	},
}

func (s *site) ask(ctx context.Context, method, path string, body any, header http.Header, status int) error {
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return err
		}
	}
	return s.send(ctx, method, path, content, header, status)
}

func (s *site) send(ctx context.Context, method, path string, content []byte, header http.Header, status int) error {
	request, err := http.NewRequestWithContext(ctx, method, "http://"+s.server.Address+"/api/v1.0"+path, bytes.NewReader(content))
	if err != nil {
		return err
	}
	if header != nil {
		request.Header = header
	}
	response, err := s.http.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	_, err = io.Copy(io.Discard, response.Body)
	if response.StatusCode != status {
		return fmt.Errorf("%s %s: %d", method, path, response.StatusCode)
	}
	return err
}

// report is LiveKit that tells of an event.
func (s *site) report(ctx context.Context) error {
	body, header, err := process.Report("EV_" + uuid.NewString())
	if err != nil {
		return err
	}
	return s.send(ctx, http.MethodPost, "/rooms/webhooks-livekit/", body, header, http.StatusOK)
}
