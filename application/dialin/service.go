// Package dialin is how telephones and meeting-room devices get into rooms.
package dialin

import (
	"context"
	"fmt"
	"strconv"

	"meet/domain"
	"meet/ports"
)

// Service routes calls.
type Service struct {
	pins      ports.Pins
	lines     ports.DialIn
	analytics ports.Analytics
	world     ports.Surroundings
}

// New wires the service.
func New(pins ports.Pins, lines ports.DialIn, analytics ports.Analytics, world ports.Surroundings) *Service {
	return &Service{pins, lines, analytics, world}
}

// Join opens the room of the PIN to a device that calls before anybody is
// there. It fails with domain.ErrPinUnknown, or as ports.DialIn does.
func (s *Service) Join(ctx context.Context, pin string) error {
	room, err := s.pins.ByPin(ctx, pin)
	if err != nil {
		return fmt.Errorf("join by PIN: %w", err)
	}
	created, err := s.lines.Open(ctx, room.ID, room.PinCode)
	if err != nil {
		return fmt.Errorf("join by PIN: %w", err)
	}
	err = s.world.Note(ctx, domain.Deed{
		Action: domain.DeviceJoined, Room: room.ID, Details: map[string]string{"new": strconv.FormatBool(created)},
	})
	if err != nil {
		return fmt.Errorf("join by PIN: %w", err)
	}
	s.analytics.Track(ctx, domain.User{}, domain.Activity{Name: domain.RoomkitJoined, Properties: map[string]string{
		"room_id": room.ID.String(), "dispatch_rule_created": strconv.FormatBool(created),
	}})
	return nil
}
