// Package sentry reports what goes wrong to a Sentry server.
package sentry

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/getsentry/sentry-go"

	"meet/domain"
	"meet/ports"
)

// Config says where reports go.
type Config struct {
	DSN         string // address with key, as Sentry gives it out; "" for none
	Environment string
	Release     string
}

// Reports is a slog.Handler that sends records of errors, and of rate limits
// that somebody met, to Sentry.
type Reports struct {
	client     *sentry.Client
	attributes []slog.Attr
}

var _ slog.Handler = (*Reports)(nil)

// Open prepares the client; nothing is sent yet.
func Open(config Config) (*Reports, error) {
	client, err := sentry.NewClient(sentry.ClientOptions{
		Dsn: config.DSN, Environment: config.Environment, Release: config.Release,
	})
	if err != nil {
		return nil, fmt.Errorf("DJANGO_SENTRY_DSN is not an address of Sentry")
	}
	return &Reports{client: client}, nil
}

// Check fails for what is no address of Sentry.
func Check(dsn string) error {
	_, err := sentry.NewDsn(dsn)
	return err
}

// throttled begins the messages about rate limits, which are warnings.
const throttled = "Rate limit exceeded for scope "

// Enabled implements slog.Handler.
func (r *Reports) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

// Handle implements slog.Handler.
func (r *Reports) Handle(ctx context.Context, record slog.Record) error {
	if record.Level < slog.LevelError && !strings.HasPrefix(record.Message, throttled) {
		return nil
	}
	event := sentry.NewEvent()
	event.Message, event.Timestamp, event.Level = domain.MaskURLs(record.Message), record.Time, sentry.LevelError
	if record.Level < slog.LevelError {
		event.Level = sentry.LevelWarning
	}
	details := sentry.Context{}
	event.Fingerprint = []string{record.Message}
	add := func(attribute slog.Attr) bool {
		details[attribute.Key] = domain.MaskURLs(attribute.Value.Resolve().String())
		if err, is := attribute.Value.Any().(error); is { // tells one kind of failure from another
			event.SetException(err, maxCauses)
			for i := range event.Exception {
				event.Exception[i].Value = domain.MaskURLs(event.Exception[i].Value)
			}
			event.Fingerprint = append(event.Fingerprint, fmt.Sprintf("%T", cause(err)))
		}
		return true
	}
	for _, attribute := range r.attributes {
		add(attribute)
	}
	record.Attrs(add)
	event.Contexts["details"] = details
	if id := ports.OriginOf(ctx).RequestID; id != "" {
		event.Tags["request_id"] = id
	}
	r.client.CaptureEvent(event, &sentry.EventHint{Context: ctx}, nil)
	return nil
}

const maxCauses = 10

// cause is the innermost error, of the last one where several were joined.
func cause(err error) error {
	for {
		switch wraps := err.(type) { //nolint:errorlint // it is taken apart here
		case interface{ Unwrap() error }:
			if wraps.Unwrap() == nil {
				return err
			}
			err = wraps.Unwrap()
		case interface{ Unwrap() []error }:
			list := wraps.Unwrap()
			err = list[len(list)-1]
		default:
			return err
		}
	}
}

// WithAttrs implements slog.Handler.
func (r *Reports) WithAttrs(attributes []slog.Attr) slog.Handler {
	return &Reports{r.client, append(r.attributes[:len(r.attributes):len(r.attributes)], attributes...)}
}

// WithGroup implements slog.Handler; the names of groups are not reported.
func (r *Reports) WithGroup(string) slog.Handler { return r }

// Flush sends what is left, for as long as it may take.
func (r *Reports) Flush(patience time.Duration) { r.client.Flush(patience) }
