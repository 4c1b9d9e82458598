// Package logging is how the log looks.
package logging

import (
	"context"
	"io"
	"log/slog"

	"go.opentelemetry.io/otel/trace"

	"meet/ports"
)

// Config is an instance's choices about its log.
type Config struct {
	Level slog.Level
	JSON  bool // an object per line, else key=value pairs
}

// New writes records to out, each with the request and the trace that it
// belongs to. Warnings and errors do not wait in a Batch.
func New(out io.Writer, config Config) slog.Handler {
	options := &slog.HandlerOptions{Level: config.Level}
	batch, _ := out.(*Batch)
	if config.JSON {
		return placed{slog.NewJSONHandler(out, options), batch}
	}
	return placed{slog.NewTextHandler(out, options), batch}
}

// placed adds to records where they come from, and masks URLs in them:
// libraries quote theirs in errors, with passwords.
type placed struct {
	slog.Handler
	batch *Batch // nil for a writer that does not wait
}

// Handle implements slog.Handler.
func (h placed) Handle(ctx context.Context, record slog.Record) error {
	record = masked(record)
	if id := ports.OriginOf(ctx).RequestID; id != "" {
		record.AddAttrs(slog.String("request_id", id))
	}
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		record.AddAttrs(slog.String("trace_id", span.TraceID().String()), slog.String("span_id", span.SpanID().String()))
	}
	err := h.Handler.Handle(ctx, record)
	if h.batch != nil && record.Level >= slog.LevelWarn {
		h.batch.Flush()
	}
	return err
}

// WithAttrs implements slog.Handler.
func (h placed) WithAttrs(attributes []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, 0, len(attributes))
	for _, attribute := range attributes {
		clean = append(clean, mask(attribute))
	}
	return placed{h.Handler.WithAttrs(clean), h.batch}
}

// WithGroup implements slog.Handler.
func (h placed) WithGroup(name string) slog.Handler {
	return placed{h.Handler.WithGroup(name), h.batch}
}
