package livekit

import (
	"context"
	"time"

	"github.com/twitchtv/twirp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"meet/domain"
	"meet/ports"
)

// watched counts calls and makes each a span of the trace it belongs to.
func watched(meter ports.Meter) twirp.Interceptor {
	return func(next twirp.Method) twirp.Method {
		return func(ctx context.Context, request any) (any, error) {
			method, _ := twirp.MethodName(ctx)
			service, _ := twirp.ServiceName(ctx)
			ctx, end := begin(ctx, service, method)
			begun := time.Now()
			response, err := next(ctx, request)
			ended := outcome(err)
			meter.Called(method, ended, time.Since(begun))
			end(ended)
			return response, err
		}
	}
}

// begin opens a span for a call that is made for a request; others have none.
func begin(ctx context.Context, service, method string) (context.Context, func(domain.CallOutcome)) {
	if !trace.SpanContextFromContext(ctx).IsValid() {
		return ctx, func(domain.CallOutcome) {}
	}
	ctx, span := otel.Tracer("meet/adapters/livekit").Start(ctx, "LiveKit "+method, trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("rpc.system", "twirp"), attribute.String("rpc.service", service), attribute.String("rpc.method", method)))
	return ctx, func(ended domain.CallOutcome) {
		if ended != domain.CallDone && ended != domain.CallAbsent {
			span.SetStatus(codes.Error, string(ended))
		}
		span.End()
	}
}
