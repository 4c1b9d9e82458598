package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

// Note writes down for good what somebody did; within a transaction it is
// part of that. Id, time and origin are filled in.
type Note func(ctx context.Context, deed domain.Deed) error

// Deeds is the collection of what was done. Nothing in it is ever changed,
// but that a deed gets its seal, or deleted, but that its beginning is
// forgotten.
type Deeds interface {
	// Add keeps a deed.
	Add(ctx context.Context, deed domain.Deed) error
	// Unsealed is deeds without a seal, oldest first.
	Unsealed(ctx context.Context, limit int) ([]domain.Deed, error)
	// Last is the newest seal, the zero value when there is none.
	Last(ctx context.Context) (domain.Seal, error)
	// Seal gives a deed its seal. It fails when the deed has one, or another
	// deed has this number.
	Seal(ctx context.Context, deed uuid.UUID, seal domain.Seal) error
	// Sealed is the deeds with higher numbers than after, in the order of the
	// numbers; of room unless that is uuid.Nil.
	Sealed(ctx context.Context, room uuid.UUID, after int64, limit int) ([]domain.SealedDeed, error)
	// Outdated is the seal of the last deed before the first sealed one that
	// is not older than that time, and of so many at most; the zero value when
	// there is none, or when nothing but forgetting was done.
	Outdated(ctx context.Context, before time.Time, limit int) (domain.Seal, error)
	// Forget deletes the sealed deeds up to the number, which the newest sealed
	// deed that forgets has to allow (domain.RecordForgotten).
	Forget(ctx context.Context, number int64) error
	// Guarded reports whether the store refuses to change and delete deeds,
	// whoever asks.
	Guarded(ctx context.Context) (bool, error)
}

type originKey struct{}

// WithOrigin is a context in which things happen on behalf of a request.
func WithOrigin(ctx context.Context, origin domain.Origin) context.Context {
	return context.WithValue(ctx, originKey{}, origin)
}

// OriginOf is where the request came from on whose behalf things happen, the
// zero value for the server's own doings.
func OriginOf(ctx context.Context) domain.Origin {
	origin, _ := ctx.Value(originKey{}).(domain.Origin)
	return origin
}
