// Package audit is what makes the record of deeds hard to falsify: a chain of
// seals, and its check.
package audit

import (
	"context"
	"fmt"
	"time"

	"meet/domain"
	"meet/ports"
)

// Service seals deeds and checks the seals.
type Service struct {
	deeds      ports.Deeds
	leases     ports.Leases
	atomically ports.Atomically
	world      ports.Surroundings
	retention  time.Duration
	me         string // names this process among those that share the record
}

// Rules are an instance's choices about the record.
type Rules struct {
	Retention time.Duration // 0 keeps deeds for ever
}

// New wires the service.
func New(deeds ports.Deeds, leases ports.Leases, atomically ports.Atomically, world ports.Surroundings, rules Rules) *Service {
	return &Service{deeds, leases, atomically, world, rules.Retention, world.NewID().String()}
}

const (
	lease      = "audit"
	leaseTime  = 15 * time.Second
	batch      = 200  // deeds that are sealed together
	goTogether = 2000 // deeds that are forgotten together
	day        = 24 * time.Hour
)

// Seal links all deeds that have no seal yet, unless another process is at
// it, and tells of each.
func (s *Service) Seal(ctx context.Context, tell func(domain.SealedDeed)) error {
	open, err := s.deeds.Unsealed(ctx, 1)
	if err != nil || len(open) == 0 {
		return err
	}
	defer func() { _ = s.leases.Release(context.WithoutCancel(ctx), lease, s.me) }()
	for len(open) > 0 && ctx.Err() == nil {
		now := s.world.Now()
		mine, err := s.leases.Acquire(ctx, lease, s.me, now, now.Add(leaseTime))
		if err != nil || !mine {
			return err
		}
		if open, err = s.deeds.Unsealed(ctx, batch); err != nil {
			return err
		}
		sealed, err := s.link(ctx, open)
		if err != nil {
			return fmt.Errorf("seal deeds: %w", err)
		}
		for _, deed := range sealed {
			tell(deed)
		}
	}
	return ctx.Err()
}

// link seals the deeds together or not at all: a process that has lost its
// lease without noticing changes nothing.
func (s *Service) link(ctx context.Context, open []domain.Deed) ([]domain.SealedDeed, error) {
	sealed := make([]domain.SealedDeed, 0, len(open))
	err := s.atomically(ctx, func(ctx context.Context) error {
		last, err := s.deeds.Last(ctx)
		if err != nil {
			return err
		}
		for _, deed := range open {
			last = deed.Seal(last)
			if err := s.deeds.Seal(ctx, deed.ID, last); err != nil {
				return err
			}
			sealed = append(sealed, domain.SealedDeed{Deed: deed, Seal: last})
		}
		return nil
	})
	return sealed, err
}
