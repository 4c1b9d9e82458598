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
	// Running is the egresses of recordings of which the status is one of
	// those and was written before that time.
	Running(ctx context.Context, before time.Time, statuses ...domain.RecordingStatus) ([]string, error)
}

// Egresses asks LiveKit for what writes files. It fails as Meeting does.
type Egresses interface {
	// Egress is what LiveKit knows of it; found is false for nothing.
	Egress(ctx context.Context, id string) (egress domain.Egress, found bool, err error)
}
