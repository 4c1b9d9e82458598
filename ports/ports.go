package ports

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Clock tells the time: UTC, whole microseconds.
type Clock func() time.Time

// NewID makes a random (version 4) UUID.
type NewID func() uuid.UUID

// Pick draws a uniformly distributed number from 0 to n-1 that nobody can guess.
type Pick func(n int) int

// Atomically runs fn in one transaction: all of its writes happen or none.
// The transaction travels in the context that fn gets; nested calls join it.
type Atomically func(ctx context.Context, fn func(ctx context.Context) error) error

// Warn tells the operator of something odd that stops nobody. The attributes
// are pairs of a name and a value, without secrets or e-mail addresses.
type Warn func(ctx context.Context, message string, attributes ...any)

// Surroundings are what every use case may look at besides its collections.
type Surroundings struct {
	Now   Clock
	NewID NewID
	Pick  Pick
	Warn  Warn
	Note  Note
}
