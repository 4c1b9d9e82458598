package livekit

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/livekit/protocol/livekit"

	"meet/ports"
)

// joining is for how long an agent may be on its way.
const joining = 30 * time.Second

// Agents implements ports.Agents.
type Agents struct {
	api *API
	now ports.Clock
}

var _ ports.Agents = (*Agents)(nil)

// NewAgents acts through the server's API; now is the time.
func NewAgents(api *API, now ports.Clock) *Agents { return &Agents{api, now} }

// Dispatch implements ports.Agents. LiveKit goes on calling the jobs of agents
// that left or crashed running, and keeps dispatches that no worker took, so
// that those whose agent is not there are replaced.
func (a *Agents) Dispatch(ctx context.Context, room uuid.UUID, agent string) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	present, err := a.api.agents.ListDispatch(ctx, &livekit.ListAgentDispatchRequest{Room: room.String()})
	if err != nil && !missing(err) {
		return failure("list agents", err, nil)
	}
	dispatches := slices.DeleteFunc(present.GetAgentDispatches(), func(d *livekit.AgentDispatch) bool { return d.GetAgentName() != agent })
	if working, err := a.working(ctx, room, dispatches); working || err != nil {
		return err
	}
	for _, dispatch := range dispatches {
		if err := a.Recall(ctx, room, dispatch.GetId()); err != nil {
			return err
		}
	}
	_, err = a.api.agents.CreateDispatch(ctx, &livekit.CreateAgentDispatchRequest{AgentName: agent, Room: room.String()})
	return failure("dispatch agent", err, nil)
}

// working reports whether an agent of the dispatches is there, or on its way.
func (a *Agents) working(ctx context.Context, room uuid.UUID, dispatches []*livekit.AgentDispatch) (bool, error) {
	if len(dispatches) == 0 {
		return false, nil
	}
	if slices.ContainsFunc(dispatches, func(d *livekit.AgentDispatch) bool {
		return a.now().Sub(time.Unix(0, d.GetState().GetCreatedAt())).Abs() < joining
	}) {
		return true, nil
	}
	found, err := a.api.rooms.ListParticipants(ctx, &livekit.ListParticipantsRequest{Room: room.String()})
	if err != nil && !missing(err) {
		return false, failure("list participants", err, nil)
	}
	there := map[string]bool{}
	for _, p := range found.GetParticipants() {
		there[p.GetIdentity()] = true
	}
	return slices.ContainsFunc(dispatches, func(d *livekit.AgentDispatch) bool {
		return slices.ContainsFunc(d.GetState().GetJobs(), func(job *livekit.Job) bool { return there[job.GetState().GetParticipantIdentity()] })
	}), nil
}

// Recall implements ports.Agents.
func (a *Agents) Recall(ctx context.Context, room uuid.UUID, dispatch string) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	_, err := a.api.agents.DeleteDispatch(ctx, &livekit.DeleteAgentDispatchRequest{DispatchId: dispatch, Room: room.String()})
	if missing(err) {
		return nil
	}
	return failure("recall agent", err, nil)
}
