package livekit

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/livekit/protocol/livekit"

	"meet/ports"
)

// Agents implements ports.Agents.
type Agents struct{ api *API }

var _ ports.Agents = (*Agents)(nil)

// NewAgents acts through the server's API.
func NewAgents(api *API) *Agents { return &Agents{api} }

// Dispatch implements ports.Agents. A dispatch all of whose jobs are over is
// none.
func (a *Agents) Dispatch(ctx context.Context, room uuid.UUID, agent string) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	present, err := a.api.agents.ListDispatch(ctx, &livekit.ListAgentDispatchRequest{Room: room.String()})
	if err != nil && !missing(err) {
		return failure("list agents", err, nil)
	}
	for _, dispatch := range present.GetAgentDispatches() {
		if dispatch.GetAgentName() == agent && working(dispatch.GetState()) {
			return nil
		}
	}
	_, err = a.api.agents.CreateDispatch(ctx, &livekit.CreateAgentDispatchRequest{AgentName: agent, Room: room.String()})
	return failure("dispatch agent", err, nil)
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

// working reports whether the agent is there, or on its way.
func working(state *livekit.AgentDispatchState) bool {
	jobs := state.GetJobs()
	return len(jobs) == 0 || slices.ContainsFunc(jobs, func(job *livekit.Job) bool {
		status := job.GetState().GetStatus()
		return status != livekit.JobStatus_JS_SUCCESS && status != livekit.JobStatus_JS_FAILED
	})
}
