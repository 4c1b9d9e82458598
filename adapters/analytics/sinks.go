package analytics

import (
	"context"
	"log/slog"

	"meet/domain"
	"meet/ports"
)

// None implements ports.Analytics by doing nothing.
type None struct{}

var _ ports.Analytics = None{}

// Identify implements ports.Analytics.
func (None) Identify(context.Context, domain.User) {}

// Track implements ports.Analytics.
func (None) Track(context.Context, domain.User, domain.Activity) {}

// Log is a Sink that writes messages to the log.
type Log struct{}

// Send implements Sink.
func (Log) Send(m Message) {
	event := m.Event
	if event == "" {
		event = "identify"
	}
	slog.Info("analytics", "event", event, "user", m.UserID, "anonymous", m.AnonymousID, "email", m.Email, "properties", m.Properties)
}

// Close implements Sink.
func (Log) Close(context.Context) {}
