package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

// Sessions is the collection of all sign-ins.
type Sessions interface {
	// Who is the person of the session, in one round trip; found is false for
	// unknown and expired keys and for people who are not active. It tells the
	// profile, the subject and the preferences, not the account (times,
	// password, staff flags).
	Who(ctx context.Context, key string, now time.Time) (user domain.User, found bool, err error)
	// Find is the session itself; found is false as for Who.
	Find(ctx context.Context, key string, now time.Time) (session domain.Session, found bool, err error)
	// Add keeps a new session, and ends the revocation of its user's tokens.
	Add(ctx context.Context, session domain.Session) error
	// Remove forgets the session; an unknown key is fine.
	Remove(ctx context.Context, key string) error
	// SignedIn reports whether a session of the user lives. Within a
	// transaction nobody signs in as the user before it ends.
	SignedIn(ctx context.Context, user uuid.UUID, now time.Time) (bool, error)
	// RemoveOf ends sessions of one sign-in at the provider: those with the
	// session id, and with a user (not uuid.Nil) only that user's, those of
	// unknown session id included; without a session id all of the user's.
	// It tells whose sessions they were, each person once.
	RemoveOf(ctx context.Context, user uuid.UUID, sid string) (whose []uuid.UUID, err error)
}

// Once remembers marks for a while.
type Once interface {
	// First reports whether the mark is new; it is remembered until then.
	First(ctx context.Context, mark string, now, until time.Time) (bool, error)
}

// CreationCallbacks is the collection of slugs left for callers who know the secret.
type CreationCallbacks interface {
	// Put leaves the slug under the secret, replacing what lay there.
	Put(ctx context.Context, secret, slug string, until time.Time) error
	// Take hands the slug to one caller only; found is false when there is
	// none, or no more.
	Take(ctx context.Context, secret string, now time.Time) (slug string, found bool, err error)
}

// Sweeper forgets what has expired.
type Sweeper interface {
	// Sweep deletes expired sessions, marks and callbacks, and bans that have
	// lasted for domain.TokenLife in rooms where no meeting is known to run.
	Sweep(ctx context.Context, now time.Time) error
}
