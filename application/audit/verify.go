package audit

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"meet/domain"
)

// Report is what a check of the chain found.
type Report struct {
	First, Last domain.Seal // of what was checked; the zero values when there is nothing
	Checked     int
	Unsealed    int      // deeds of the last seconds, at most as many as are counted
	Problems    []string // empty when the chain is whole
}

const maxProblems = 20

// Verify follows the whole chain. witness is a seal that was seen earlier, on
// paper or in a log; the zero value for none. What lies before the first deed
// that is kept, and deeds cut off the end after the witness, cannot be told
// from deeds that never were.
func (s *Service) Verify(ctx context.Context, witness domain.Seal) (Report, error) {
	var report Report
	seen := false
	for {
		page, err := s.deeds.Sealed(ctx, uuid.Nil, report.Last.Number, batch)
		if err != nil {
			return report, fmt.Errorf("verify the record: %w", err)
		}
		for _, sealed := range page {
			report.check(sealed)
			if sealed.Number == witness.Number {
				seen = true
				if sealed.Digest != witness.Digest {
					report.problem("deed %d has another seal than the witness", sealed.Number)
				}
			}
		}
		if len(page) < batch {
			break
		}
	}
	if witness.Number > 0 && !seen {
		report.problem("deed %d, which the witness has seen, is missing", witness.Number)
	}
	open, err := s.deeds.Unsealed(ctx, batch)
	report.Unsealed = len(open)
	return report, err
}

// check compares a deed with the one before. Nothing is known of what was
// before the first one.
func (r *Report) check(sealed domain.SealedDeed) {
	switch {
	case r.Checked == 0 && sealed.Number > 1:
		r.First = sealed.Seal
	case r.Checked > 0 && sealed.Number != r.Last.Number+1:
		r.problem("deeds %d to %d are missing", r.Last.Number+1, sealed.Number-1)
	default:
		if r.Checked == 0 {
			r.First = sealed.Seal
		}
		if sealed.Deed.Seal(r.Last) != sealed.Seal {
			r.problem("deed %d was altered, or the one before it", sealed.Number)
		}
	}
	r.Last = sealed.Seal
	r.Checked++
}

func (r *Report) problem(format string, args ...any) {
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
	}
}
