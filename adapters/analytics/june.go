package analytics

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	segment "gopkg.in/segmentio/analytics-go.v3"
)

// JuneEndpoint takes batches of messages in Segment's protocol
// (https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/#batch).
const JuneEndpoint = "https://api.june.so/sdk/batch"

// June is a Sink that speaks Segment's protocol.
type June struct{ client segment.Client }

// NewJune sends to the endpoint with the write key.
func NewJune(key, endpoint string) (*June, error) {
	target, err := url.Parse(endpoint)
	if err != nil || target.Host == "" {
		return nil, errors.New("ANALYTICS_ENDPOINT is not a URL")
	}
	client, err := segment.NewWithConfig(key, segment.Config{
		Endpoint:  target.Scheme + "://" + target.Host,
		Transport: fixedTarget{target, &http.Transport{Proxy: http.ProxyFromEnvironment, ResponseHeaderTimeout: 10 * time.Second}},
		Interval:  time.Second,
		Logger:    quiet{},
		RetryAfter: func(attempt int) time.Duration {
			return min(time.Duration(attempt+1)*time.Second, 10*time.Second)
		},
	})
	if err != nil {
		return nil, fmt.Errorf("analytics client: %w", err)
	}
	return &June{client}, nil
}

// Send implements Sink.
func (j *June) Send(m Message) {
	var message segment.Message
	if m.Event == "" {
		message = segment.Identify{UserId: m.UserID, Traits: segment.NewTraits().SetEmail(m.Email)}
	} else {
		properties := segment.NewProperties()
		for name, value := range m.Properties {
			properties.Set(name, value)
		}
		message = segment.Track{Event: m.Event, UserId: m.UserID, AnonymousId: m.AnonymousID, Properties: properties}
	}
	if err := j.client.Enqueue(message); err != nil {
		slog.Warn("analytics message refused", "error", err)
	}
}

// Close implements Sink.
func (j *June) Close(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = j.client.Close()
	}()
	select {
	case <-done:
	case <-ctx.Done():
		slog.WarnContext(ctx, "the analytics endpoint does not answer, messages are lost")
	}
}

// fixedTarget sends every request to one address: the library would append a
// path of its own.
type fixedTarget struct {
	target *url.URL
	next   http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t fixedTarget) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.URL, request.Host = t.target, t.target.Host
	return t.next.RoundTrip(request)
}

// quiet keeps the library's messages, which may hold the key, out of the log.
type quiet struct{}

// Logf implements the library's Logger.
func (quiet) Logf(string, ...any) {}

// Errorf implements the library's Logger.
func (quiet) Errorf(string, ...any) { slog.Warn("analytics messages could not be sent") }
