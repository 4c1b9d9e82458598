package sqlstore

import (
	"context"
	"time"

	"meet/domain"
	"meet/ports"
)

// SignInAttempts implements ports.SignInAttempts.
type SignInAttempts struct{ db *DB }

var _ ports.SignInAttempts = (*SignInAttempts)(nil)

// NewSignInAttempts is the collection in db.
func NewSignInAttempts(db *DB) *SignInAttempts { return &SignInAttempts{db} }

// Add implements ports.SignInAttempts.
func (s *SignInAttempts) Add(ctx context.Context, attempt domain.SignInAttempt) error {
	_, err := s.db.exec(ctx, `INSERT INTO meet_server_sign_in
		(state, browser, nonce, verifier, return_to, silent, expires_at)
		VALUES (:state, :browser, :nonce, :verifier, :return_to, :silent, :expires_at)`, attempt)
	return err
}

const (
	attemptColumns = `state, browser, nonce, verifier, return_to, silent, expires_at`
	attemptWhere   = ` meet_server_sign_in WHERE state = ? AND browser = ? AND expires_at > ?`
)

// Peek implements ports.SignInAttempts.
func (s *SignInAttempts) Peek(ctx context.Context, state, browser string, now time.Time) (attempt domain.SignInAttempt, err error) {
	err = s.db.get(ctx, domain.ErrAttemptNotFound, &attempt, `SELECT `+attemptColumns+` FROM`+attemptWhere, state, browser, now)
	return attempt, err
}

// Take implements ports.SignInAttempts.
func (s *SignInAttempts) Take(ctx context.Context, state, browser string, now time.Time) (attempt domain.SignInAttempt, err error) {
	err = s.db.get(ctx, domain.ErrAttemptNotFound, &attempt,
		`DELETE FROM`+attemptWhere+` RETURNING `+attemptColumns, state, browser, now)
	return attempt, err
}
