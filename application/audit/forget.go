package audit

import (
	"context"
	"fmt"
	"time"

	"meet/domain"
)

// Forget deletes what is older than the instance keeps, unless another process
// is at the record, and tells of the deeds that say so: each is sealed together
// with the deletion, so that nobody else's deletion looks the same. Days are
// forgotten as a whole, so that once a day there is something to do.
func (s *Service) Forget(ctx context.Context, tell func(domain.SealedDeed)) error {
	if s.retention == 0 {
		return nil
	}
	holder := s.me + " forgets" // beside whom this process seals nothing either
	defer func() { _ = s.leases.Release(context.WithoutCancel(ctx), lease, holder) }()
	for ctx.Err() == nil {
		now := s.world.Now()
		mine, err := s.leases.Acquire(ctx, lease, holder, now, now.Add(leaseTime))
		if err != nil || !mine {
			return err
		}
		sealed, err := s.forget(ctx, now)
		if err != nil {
			return fmt.Errorf("forget deeds: %w", err)
		}
		if len(sealed) == 0 {
			return nil
		}
		for _, deed := range sealed {
			tell(deed)
		}
	}
	return ctx.Err()
}

// forget deletes as many as go together; nothing is sealed when there are none.
func (s *Service) forget(ctx context.Context, now time.Time) (sealed []domain.SealedDeed, err error) {
	before := now.Add(-s.retention).Truncate(day)
	err = s.atomically(ctx, func(ctx context.Context) error {
		last, err := s.deeds.Outdated(ctx, before, goTogether)
		if err != nil || last.Number == 0 {
			return err
		}
		deed := domain.Forgotten{Last: last, Before: before}.Deed(s.world.NewID(), now)
		if err := s.deeds.Add(ctx, deed); err != nil {
			return err
		}
		if sealed, err = s.link(ctx, []domain.Deed{deed}); err != nil {
			return err
		}
		return s.deeds.Forget(ctx, last.Number)
	})
	return sealed, err
}
