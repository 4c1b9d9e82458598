package domain

import (
	"time"

	"github.com/google/uuid"
)

// Resource is anything that accesses protect, such as a Room.
type Resource struct {
	ID        uuid.UUID
	CreatedAt time.Time
	UpdatedAt time.Time
}
