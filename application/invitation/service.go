// Package invitation is asking people by e-mail to join a meeting.
package invitation

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"meet/domain"
	"meet/ports"
)

// Service keeps the letters and sends them.
type Service struct {
	outbox     ports.Outbox
	mailer     ports.Mailer
	leases     ports.Leases
	atomically ports.Atomically
	world      ports.Surroundings
	wake       chan struct{}
	me         string // names this process among those that share the outbox
}

// New wires the service.
func New(outbox ports.Outbox, mailer ports.Mailer, leases ports.Leases, atomically ports.Atomically, world ports.Surroundings) *Service {
	return &Service{outbox, mailer, leases, atomically, world, make(chan struct{}, 1), world.NewID().String()}
}

// Invite asks people to the room, in the language. Each gets a letter of
// their own, soon after, by Deliver.
func (s *Service) Invite(ctx context.Context, sender domain.User, room domain.Room, language string, to []string) error {
	letters := make([]domain.Letter, 0, len(to))
	for _, address := range to {
		letters = append(letters, domain.Letter{
			ID: s.world.NewID(), Language: language, To: address, Sender: sender.Email, SenderID: sender.ID, Slug: room.Slug, CreatedAt: s.world.Now(),
		})
	}
	err := s.atomically(ctx, func(ctx context.Context) error {
		if err := s.outbox.Put(ctx, letters...); err != nil {
			return err
		}
		return s.world.Note(ctx, domain.Deed{
			Action: domain.PeopleInvited, Actor: sender.ID, Room: room.ID, Details: map[string]string{"count": strconv.Itoa(len(to))},
		})
	})
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	select {
	case s.wake <- struct{}{}:
	default: // somebody will look soon anyway
	}
	return nil
}

// Fresh holds something when there are letters to deliver.
func (s *Service) Fresh() <-chan struct{} { return s.wake }

const (
	lease     = "letters"
	leaseTime = 2 * time.Minute
	maxDelay  = 30 * time.Minute
	round     = 1000 // letters, of one sender each
)

// Deliver sends all letters that are due, unless another process is at it: in
// rounds, in each of which every sender has one sent.
func (s *Service) Deliver(ctx context.Context) error {
	letters, err := s.outbox.Due(ctx, s.world.Now(), 1)
	if err != nil || len(letters) == 0 {
		return err
	}
	defer func() { _ = s.leases.Release(context.WithoutCancel(ctx), lease, s.me) }()
	for ctx.Err() == nil {
		now := s.world.Now()
		mine, err := s.leases.Acquire(ctx, lease, s.me, now, now.Add(leaseTime))
		if err != nil || !mine {
			return err
		}
		// what was due before may have been sent by the process that had the lease before
		if letters, err = s.outbox.Due(ctx, now, round); err != nil || len(letters) == 0 {
			return err
		}
		if err := s.deliverAll(ctx, letters, now.Add(leaseTime/2)); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// deliverAll sends the letters until then, as the lease may be another's later.
func (s *Service) deliverAll(ctx context.Context, letters []domain.Letter, until time.Time) error {
	for _, letter := range letters {
		if s.world.Now().After(until) {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.deliver(ctx, letter); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) deliver(ctx context.Context, letter domain.Letter) error {
	err := s.mailer.Send(ctx, letter)
	switch {
	case err == nil:
		return s.outbox.Done(context.WithoutCancel(ctx), letter.ID)
	case errors.Is(err, domain.ErrLetterRefused):
		s.world.Warn(ctx, "invitations were not sent", "letter", letter.ID, "error", err)
		return s.outbox.Done(context.WithoutCancel(ctx), letter.ID)
	}
	s.world.Warn(ctx, "invitations were not sent, trying again later", "letter", letter.ID, "error", err)
	delay := min(5*time.Second<<min(letter.Attempts, 10), maxDelay)
	return s.outbox.Postpone(context.WithoutCancel(ctx), letter.ID, s.world.Now().Add(delay))
}
