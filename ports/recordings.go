package ports

import (
	"context"
	"time"

	"meet/domain"
)

// Recordings is the collection of all recordings.
type Recordings interface {
	// Update locks the recording that the egress writes, lets change alter its
	// status and saves it, as one. It fails with domain.ErrRecordingNotFound.
	Update(ctx context.Context, egress string, now time.Time, change func(*domain.Recording)) (domain.Recording, error)
}
