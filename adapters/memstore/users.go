package memstore

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Users implements ports.Users.
type Users struct{ *Store }

var _ ports.Users = Users{}

// Get implements ports.Users.
func (s Users) Get(ctx context.Context, id uuid.UUID) (domain.User, error) {
	return s.find(ctx, func(u domain.User) bool { return u.ID == id })
}

// BySub implements ports.Users.
func (s Users) BySub(ctx context.Context, sub string) (domain.User, error) {
	return s.find(ctx, func(u domain.User) bool { return u.Sub != "" && u.Sub == sub })
}

func (s Users) find(ctx context.Context, match func(domain.User) bool) (domain.User, error) {
	if found := s.filter(ctx, match); len(found) > 0 {
		return found[0], nil
	}
	return domain.User{}, domain.ErrUserNotFound
}

// filter lists matching users, newest first.
func (s Users) filter(ctx context.Context, match func(domain.User) bool) []domain.User {
	defer s.locked(ctx)()
	var found []domain.User
	for _, user := range s.users {
		if match(user) {
			found = append(found, user)
		}
	}
	slices.SortFunc(found, func(a, b domain.User) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(a.ID.String(), b.ID.String()))
	})
	return found
}

// ByEmail implements ports.Users.
func (s Users) ByEmail(ctx context.Context, email string) ([]domain.User, error) {
	return s.filter(ctx, func(u domain.User) bool {
		return u.Email != "" && strings.EqualFold(u.Email, email)
	}), nil
}

// Search implements ports.Users.
func (s Users) Search(ctx context.Context, query string, p domain.Page) (domain.Listing[domain.User], error) {
	return page(s.filter(ctx, func(u domain.User) bool {
		return query == "" || domain.WordSimilarity(query, u.Email) >= domain.SimilarEnough
	}), p)
}

// Add implements ports.Users.
func (s Users) Add(ctx context.Context, user domain.User) error {
	defer s.locked(ctx)()
	return s.put(user)
}

func (s Users) put(user domain.User) error {
	for _, other := range s.users {
		if other.ID != user.ID && user.Sub != "" && other.Sub == user.Sub {
			return domain.ErrSubTaken
		}
	}
	s.users[user.ID] = user
	return nil
}

// Update implements ports.Users.
func (s Users) Update(ctx context.Context, id uuid.UUID, change func(*domain.User) error) (domain.User, error) {
	defer s.locked(ctx)()
	user, known := s.users[id]
	if !known {
		return domain.User{}, domain.ErrUserNotFound
	}
	if err := change(&user); err != nil {
		return domain.User{}, err
	}
	return user, s.put(user)
}
