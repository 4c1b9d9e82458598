package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

// Inbox keeps what LiveKit reported until it is handled, and for a while
// after that, so that nothing is handled twice.
type Inbox interface {
	// Put keeps the event; fresh is false when it was there already.
	Put(ctx context.Context, event domain.Event, now time.Time) (fresh bool, err error)
	// Due is unhandled events whose time has come, in the order in which they
	// happened, but for those of some rooms.
	Due(ctx context.Context, now time.Time, limit int, but ...string) ([]domain.Event, error)
	// Handled marks the event as done; of its content nothing is kept.
	Handled(ctx context.Context, id string) error
	// Postpone notes that handling failed and is to be tried again, unless the
	// event is done.
	Postpone(ctx context.Context, id string, until time.Time) error
}

// Attendance is the collection of presences of people in meetings. Records of
// one thing are merged whatever their order: the earliest start and the
// earliest end win.
type Attendance interface {
	// Meet records a meeting; its end ends all presences at it.
	Meet(ctx context.Context, meeting domain.Meeting, now time.Time) error
	// Attend records a presence. One at a meeting that is over ends with it.
	Attend(ctx context.Context, presence domain.Presence, now time.Time) error
	// Open is all meetings and presences that are not over and were recorded
	// before that time.
	Open(ctx context.Context, before time.Time) ([]domain.Meeting, []domain.Presence, error)
	// Runs reports whether a meeting in the room is not over.
	Runs(ctx context.Context, room string) (bool, error)
	// Where is the presences of the identity that are not over.
	Where(ctx context.Context, identity string) ([]domain.Presence, error)
	// Forget deletes what was over before that time.
	Forget(ctx context.Context, before time.Time) error
}

// Leases lets one process at a time do something.
type Leases interface {
	// Acquire takes or prolongs the lease until then; it reports false when
	// somebody else holds it.
	Acquire(ctx context.Context, name, holder string, now, until time.Time) (bool, error)
	// Release gives it back.
	Release(ctx context.Context, name, holder string) error
}

// Accounts tells whose accounts LiveKit identities are.
type Accounts interface {
	// Holders is those of the identities that belong to accounts, with the
	// role that these hold on the room, and whether they were signed out.
	Holders(ctx context.Context, room uuid.UUID, identities []string, now time.Time) ([]domain.Holder, error)
}

// Revocations is the collection of rooms and people whose tokens are void:
// rooms that were deleted, people who were signed out.
type Revocations interface {
	// Revoke voids the tokens of the room or the user until then, or until
	// the user signs in.
	Revoke(ctx context.Context, subject uuid.UUID, until time.Time) error
	// Revoked reports whether the tokens are void.
	Revoked(ctx context.Context, subject uuid.UUID, now time.Time) (bool, error)
}
