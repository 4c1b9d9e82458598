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
	Older       int      // witnesses from before what is kept
	Unsealed    int      // deeds of the last seconds, at most as many as are counted
	Problems    []string // empty when the chain is whole
}

const maxProblems = 20

// Verify follows the whole chain and compares it with witnesses: seals that
// were seen earlier, in a log for instance. A chain without a fault is not a
// proof: who can change the database can make a new one, but none that holds
// the witnesses. What came after the last of them is only as safe as the
// database.
func (s *Service) Verify(ctx context.Context, witnesses ...domain.Seal) (Report, error) {
	var report Report
	seen := map[int64]string{}
	for _, witness := range witnesses {
		seen[witness.Number] = witness.Digest
	}
	for {
		page, err := s.deeds.Sealed(ctx, uuid.Nil, report.Last.Number, batch)
		if err != nil {
			return report, fmt.Errorf("verify the record: %w", err)
		}
		for _, sealed := range page {
			report.check(sealed, s.retention > 0)
			if digest, known := seen[sealed.Number]; known && digest != sealed.Digest {
				report.problem("deed %d has another seal than its witness", sealed.Number)
			}
			delete(seen, sealed.Number)
		}
		if len(page) < batch {
			break
		}
	}
	for number := range seen {
		if s.retention > 0 && number < report.First.Number {
			report.Older++
			continue
		}
		report.problem("deed %d, of which there is a witness, is missing", number)
	}
	open, err := s.deeds.Unsealed(ctx, batch)
	report.Unsealed = len(open)
	return report, err
}

// check compares a deed with the one before. Of the first one that is kept
// only its own word tells what was before.
func (r *Report) check(sealed domain.SealedDeed, forgets bool) {
	if r.Checked == 0 {
		r.First = sealed.Seal
		if sealed.Number > 1 && !forgets {
			r.problem("deeds 1 to %d are missing", sealed.Number-1)
		}
		r.Last = domain.Seal{Number: sealed.Number - 1, Digest: sealed.Previous}
	}
	switch {
	case sealed.Number != r.Last.Number+1:
		r.problem("deeds %d to %d are missing", r.Last.Number+1, sealed.Number-1)
	case sealed.Deed.Seal(r.Last) != sealed.Seal:
		r.problem("deed %d was altered, or the one before it", sealed.Number)
	}
	r.Last = sealed.Seal
	r.Checked++
}

func (r *Report) problem(format string, args ...any) {
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
	}
}
