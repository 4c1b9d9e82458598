package room

import (
	"context"
	"fmt"
	"time"
)

// TestConnection opens a room of its own to a visitor who wants to know
// whether the media server can be reached, for the time that it tells.
func (s *Service) TestConnection(_ context.Context, visit Visit) (Entrance, time.Duration, error) {
	grant := s.rules.TestGrant(visit.User, s.world.NewID().String(), s.world.NewID().String())
	token, err := s.tokens.Sign(grant)
	if err != nil {
		return Entrance{}, 0, fmt.Errorf("sign access token: %w", err)
	}
	return Entrance{LiveKitRoom: grant.Room, Token: token}, grant.TTL, nil
}
