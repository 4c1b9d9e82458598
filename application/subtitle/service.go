// Package subtitle is how somebody in a meeting has it subtitled.
package subtitle

import (
	"context"
	"errors"
	"fmt"
	"time"

	"meet/domain"
	"meet/ports"
)

// Service calls the agent that writes subtitles.
type Service struct {
	people ports.Participants
	agents ports.Agents
	leases ports.Leases
	world  ports.Surroundings
	agent  Agent
}

// Agent is the name by which the agent is called, "" for none.
type Agent string

// New wires the service.
func New(people ports.Participants, agents ports.Agents, leases ports.Leases, world ports.Surroundings, agent Agent) *Service {
	return &Service{people, agents, leases, world, agent}
}

// callTime is the longest that calling the agent lasts.
const callTime = 30 * time.Second

// Start calls the agent into the room of the pass, whose holder must be there;
// an agent that was called already, or is being called, is not called again.
// It fails with domain.ErrCallerAbsent.
func (s *Service) Start(ctx context.Context, room domain.Room, pass domain.Pass) error {
	found, err := s.people.Find(ctx, room.ID.String(), pass.Identity)
	if errors.Is(err, domain.ErrParticipantNotFound) || err == nil && !found.Connected {
		return domain.ErrCallerAbsent
	}
	if err != nil {
		return fmt.Errorf("start subtitles: %w", err)
	}
	lease, me, now := "subtitles "+room.ID.String(), s.world.NewID().String(), s.world.Now()
	mine, err := s.leases.Acquire(ctx, lease, me, now, now.Add(callTime))
	if err != nil || !mine {
		return err
	}
	defer func() { _ = s.leases.Release(context.WithoutCancel(ctx), lease, me) }()
	if err := s.agents.Dispatch(ctx, room.ID, string(s.agent)); err != nil {
		return fmt.Errorf("start subtitles: %w", err)
	}
	return nil
}
