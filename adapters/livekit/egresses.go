package livekit

import (
	"context"

	"github.com/livekit/protocol/livekit"

	"meet/domain"
	"meet/ports"
)

// Egresses implements ports.Egresses.
type Egresses struct{ api *API }

var _ ports.Egresses = (*Egresses)(nil)

// NewEgresses asks through the server's API.
func NewEgresses(api *API) *Egresses { return &Egresses{api} }

// Egress implements ports.Egresses.
func (e *Egresses) Egress(ctx context.Context, id string) (domain.Egress, bool, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	list, err := e.api.egress.ListEgress(ctx, &livekit.ListEgressRequest{EgressId: id})
	if missing(err) {
		return domain.Egress{}, false, nil
	}
	if err != nil {
		return domain.Egress{}, false, failure("list egresses", err, nil)
	}
	for _, info := range list.GetItems() {
		if info.GetEgressId() == id {
			return egressOf(info), true, nil
		}
	}
	return domain.Egress{}, false, nil
}
