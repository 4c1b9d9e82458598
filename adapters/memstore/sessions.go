package memstore

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Sessions implements ports.Sessions.
type Sessions struct{ *Store }

var _ ports.Sessions = Sessions{}

// Who implements ports.Sessions.
func (s Sessions) Who(ctx context.Context, key string, now time.Time) (domain.User, bool, error) {
	defer s.locked(ctx)()
	session, user := s.sessions[key], s.users[s.sessions[key].UserID]
	if !session.ExpiresAt.After(now) || !user.IsActive {
		return domain.User{}, false, nil
	}
	return user, true, nil
}

// Find implements ports.Sessions.
func (s Sessions) Find(ctx context.Context, key string, now time.Time) (domain.Session, bool, error) {
	_, found, err := s.Who(ctx, key, now)
	if !found {
		return domain.Session{}, false, err
	}
	defer s.locked(ctx)()
	return s.sessions[key], true, nil
}

// Add implements ports.Sessions.
func (s Sessions) Add(ctx context.Context, session domain.Session) error {
	defer s.locked(ctx)()
	s.sessions[session.Key] = session
	delete(s.revoked, session.UserID)
	return nil
}

// Remove implements ports.Sessions.
func (s Sessions) Remove(ctx context.Context, key string) error {
	defer s.locked(ctx)()
	delete(s.sessions, key)
	return nil
}

// SignedIn implements ports.Sessions.
func (s Sessions) SignedIn(ctx context.Context, user uuid.UUID, now time.Time) (bool, error) {
	defer s.locked(ctx)()
	return s.signedIn(user, now), nil
}

// RemoveOf implements ports.Sessions.
func (s Sessions) RemoveOf(ctx context.Context, user uuid.UUID, sid string) (whose []uuid.UUID, err error) {
	defer s.locked(ctx)()
	maps.DeleteFunc(s.sessions, func(_ string, session domain.Session) bool {
		ends := session.UserID == user && (session.SID == sid || session.SID == "")
		switch {
		case sid == "":
			ends = session.UserID == user
		case user == uuid.Nil:
			ends = session.SID == sid
		}
		if ends && !slices.Contains(whose, session.UserID) {
			whose = append(whose, session.UserID)
		}
		return ends
	})
	return whose, nil
}

// Marks implements ports.Once and ports.CreationCallbacks.
type Marks struct{ *Store }

var (
	_ ports.Once              = Marks{}
	_ ports.CreationCallbacks = Marks{}
)

// First implements ports.Once.
func (s Marks) First(ctx context.Context, mark string, now, until time.Time) (bool, error) {
	defer s.locked(ctx)()
	if known, marked := s.marks[mark]; marked && known.After(now) {
		return false, nil
	}
	s.marks[mark] = until
	return true, nil
}

// Put implements ports.CreationCallbacks.
func (s Marks) Put(ctx context.Context, secret, slug string, until time.Time) error {
	defer s.locked(ctx)()
	s.callbacks[secret] = callback{slug, until}
	return nil
}

// Take implements ports.CreationCallbacks.
func (s Marks) Take(ctx context.Context, secret string, now time.Time) (string, bool, error) {
	defer s.locked(ctx)()
	left, known := s.callbacks[secret]
	if !known || !left.until.After(now) {
		return "", false, nil
	}
	delete(s.callbacks, secret)
	return left.slug, true, nil
}
