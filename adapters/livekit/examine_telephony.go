package livekit

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"meet/domain"
)

// ExamineTelephony looks whether somebody could dial in.
func ExamineTelephony(ctx context.Context, config Config) domain.Finding {
	finding := domain.Finding{Check: "livekit.telephony"}
	_, err := NewDialIn(NewAPI(config, unmetered{})).rules(ctx, uuid.Nil)
	switch {
	case err == nil:
		finding.Status, finding.Seen = domain.Healthy, "LiveKit has its SIP side"
	case errors.Is(err, domain.ErrNoTelephony):
		finding.Status, finding.Seen = domain.Broken, "LiveKit runs without SIP: nobody can dial in"
		finding.Mend = "give LiveKit a Redis and run its SIP service, or switch ROOM_TELEPHONY_ENABLED and ROOMKIT_ENABLED off"
	default:
		finding.Status, finding.Seen = domain.Unexamined, "not asked: LiveKit does not answer about SIP"
	}
	return finding
}
