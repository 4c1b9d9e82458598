package ports

import (
	"context"

	"github.com/google/uuid"

	"meet/domain"
)

// Users is the collection of all people.
type Users interface {
	// Get fails with domain.ErrUserNotFound.
	Get(ctx context.Context, id uuid.UUID) (domain.User, error)
	// BySub finds by the exact OIDC subject; it fails with domain.ErrUserNotFound.
	BySub(ctx context.Context, sub string) (domain.User, error)
	// ByEmail finds everybody with the e-mail, whatever the case of its letters.
	ByEmail(ctx context.Context, email string) ([]domain.User, error)
	// Search lists people, newest first; a query keeps those whose e-mail has
	// a similar word. It fails with domain.ErrInvalidPage.
	Search(ctx context.Context, query string, page domain.Page) (domain.Listing[domain.User], error)
	// Add fails with domain.ErrSubTaken.
	Add(ctx context.Context, user domain.User) error
	// Update locks the user, lets change alter it and saves it, as one. It
	// fails with domain.ErrUserNotFound, domain.ErrSubTaken or change's error.
	Update(ctx context.Context, id uuid.UUID, change func(*domain.User) error) (domain.User, error)
}
