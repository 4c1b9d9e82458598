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
			ctx, span := otel.Tracer("meet/adapters/livekit").Start(ctx, "LiveKit "+method, trace.WithSpanKind(trace.SpanKindClient),
				trace.WithAttributes(attribute.String("rpc.system", "twirp"), attribute.String("rpc.service", service), attribute.String("rpc.method", method)))
			defer span.End()
			begun := time.Now()
			response, err := next(ctx, request)
			ended := outcome(err)
			meter.Called(method, ended, time.Since(begun))
			if ended != domain.CallDone && ended != domain.CallAbsent {
				span.SetStatus(codes.Error, string(ended))
			}
			return response, err
		}
	}
}
