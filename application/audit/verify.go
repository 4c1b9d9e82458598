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
	Older       int      // witnesses from before what is kept, as the chain says
	Unsealed    int      // deeds of the last seconds, at most as many as are counted
	Problems    []string // empty when the chain is whole

	forgotten domain.Forgotten // what the chain itself says of its beginning
}

const maxProblems = 20

// Verify follows the whole chain and compares it with witnesses: seals that
// were seen earlier, in a log for instance. A chain without a fault is not a
// proof: who can change the database can make a new one, but none that holds
// the witnesses. What came after the last of them is only as safe as the
// database. What is missing at the beginning has to be forgotten by a deed of
// the chain.
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
			report.check(sealed)
			if digest, known := seen[sealed.Number]; known && digest != sealed.Digest {
				report.problem("deed %d has another seal than its witness", sealed.Number)
			}
			delete(seen, sealed.Number)
		}
		if len(page) < batch {
			break
		}
	}
	report.beginning()
	for number := range seen {
		if number <= report.forgotten.Last.Number && number < report.First.Number {
			report.Older++
			continue
		}
		report.problem("deed %d, of which there is a witness, is missing", number)
	}
	guarded, err := s.deeds.Guarded(ctx)
	if err != nil {
		return report, fmt.Errorf("verify the record: %w", err)
	}
	if !guarded {
		report.problem("the database no longer refuses to change and delete deeds: its triggers are missing or off")
	}
	open, err := s.deeds.Unsealed(ctx, batch)
	report.Unsealed = len(open)
	return report, err
}

// beginning compares what is missing before the first deed with what the chain
// says is forgotten.
func (r *Report) beginning() {
	missing := r.First.Number - 1
	switch {
	case r.Checked == 0 || missing == 0 && r.forgotten.Last.Number == 0:
	case missing > r.forgotten.Last.Number:
		r.problem("deeds %d to %d are missing", r.forgotten.Last.Number+1, missing)
	case missing == r.forgotten.Last.Number && r.First.Previous != r.forgotten.Last.Digest:
		r.problem("deed %d was altered before it was forgotten, or the chain after it", missing)
	}
}

// check compares a deed with the one before. Of the first one that is kept
// only its own word tells what was before.
func (r *Report) check(sealed domain.SealedDeed) {
	if r.Checked == 0 {
		r.First = sealed.Seal
		r.Last = domain.Seal{Number: sealed.Number - 1, Digest: sealed.Previous}
	}
	switch {
	case sealed.Number != r.Last.Number+1:
		r.problem("deeds %d to %d are missing", r.Last.Number+1, sealed.Number-1)
	case sealed.Deed.Seal(r.Last) != sealed.Seal:
		r.problem("deed %d was altered, or the one before it", sealed.Number)
	}
	if forgotten, is := sealed.Forgotten(); is && forgotten.Last.Number < sealed.Number {
		r.forgotten = forgotten
	}
	r.Last = sealed.Seal
	r.Checked++
}

func (r *Report) problem(format string, args ...any) {
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
	}
}
