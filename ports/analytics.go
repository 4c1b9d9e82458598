package ports

import (
	"context"

	"meet/domain"
)

// Analytics tells the product team what people do. It never blocks and never
// fails; of a person it sends the subject and the anonymised e-mail alone.
type Analytics interface {
	// Identify introduces a signed-in user; strangers are ignored.
	Identify(ctx context.Context, user domain.User)
	// Track counts an activity of a user, or of an unknown stranger.
	Track(ctx context.Context, user domain.User, activity domain.Activity)
}
