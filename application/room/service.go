// Package room is what people do with rooms: create, find, join, change and
// remove them.
package room

import (
	"meet/domain"
	"meet/ports"
)

// Service keeps the rooms.
type Service struct {
	rooms       ports.Rooms
	callbacks   ports.CreationCallbacks
	revocations ports.Revocations
	meeting     ports.Meeting
	tokens      ports.Tokens
	analytics   ports.Analytics
	atomically  ports.Atomically
	world       ports.Surroundings
	rules       domain.TokenRules
}

// New wires the service.
func New(rooms ports.Rooms, callbacks ports.CreationCallbacks, revocations ports.Revocations, meeting ports.Meeting, tokens ports.Tokens,
	analytics ports.Analytics, atomically ports.Atomically, world ports.Surroundings, rules domain.TokenRules) *Service {
	return &Service{rooms, callbacks, revocations, meeting, tokens, analytics, atomically, world, rules}
}
