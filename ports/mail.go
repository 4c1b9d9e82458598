package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"meet/domain"
)

// Outbox keeps letters until they are sent or too old.
type Outbox interface {
	// Put keeps the letters, all or none; they are due at once.
	Put(ctx context.Context, letters ...domain.Letter) error
	// Due is the oldest letter of each sender whose time has come, oldest first.
	Due(ctx context.Context, now time.Time, limit int) ([]domain.Letter, error)
	// Done forgets the letter.
	Done(ctx context.Context, id uuid.UUID) error
	// Postpone notes that sending failed and is to be tried again.
	Postpone(ctx context.Context, id uuid.UUID, until time.Time) error
}

// Mailer sends letters.
type Mailer interface {
	// Send hands the letter to the mail server. It fails with
	// domain.ErrLetterRefused when trying again is of no use.
	Send(ctx context.Context, letter domain.Letter) error
}
