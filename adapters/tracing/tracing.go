// Package tracing shows what a request does, across systems, by OpenTelemetry.
package tracing

import (
	"context"
	"fmt"
	"net/http"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

// Config says where spans go.
type Config struct {
	Endpoint string            // base URL of an OTLP/HTTP collector, "" for no traces
	Headers  map[string]string // sent along, such as a key
	Service  string
	Version  string
	Ratio    float64 // of the traces that begin here, 0 to 1
}

// On reports whether there are traces.
func (c Config) On() bool { return c.Endpoint != "" }

// Start exports spans until stop, which sends what is left.
func Start(ctx context.Context, config Config) (stop func(context.Context) error, err error) {
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(config.Endpoint+"/v1/traces"), otlptracehttp.WithHeaders(config.Headers))
	if err != nil {
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_ENDPOINT: %w", err)
	}
	described, err := resource.Merge(resource.Default(), resource.NewSchemaless(
		attribute.String("service.name", config.Service), attribute.String("service.version", config.Version)))
	if err != nil {
		return nil, fmt.Errorf("describe the service: %w", err)
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(described),
		trace.WithSampler(trace.ParentBased(trace.TraceIDRatioBased(config.Ratio))))
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	return provider.Shutdown, nil
}

// Handler begins a trace with each request; probes have none. A trace of who
// asks (W3C Trace Context) is linked, not continued: strangers would decide
// what is recorded. The handler itself names the route.
func Handler(next http.Handler) http.Handler {
	return otelhttp.NewHandler(next, "request", otelhttp.WithPublicEndpointFn(func(*http.Request) bool { return true }), otelhttp.WithFilter(func(r *http.Request) bool {
		return r.URL.Path != "/__heartbeat__" && r.URL.Path != "/__lbheartbeat__"
	}))
}
