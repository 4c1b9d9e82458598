package domain

import (
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Forgotten says that the beginning of the record is no longer kept.
type Forgotten struct {
	Last   Seal      // of the last deed that is forgotten
	Before time.Time // what is younger stays
}

// What a deed's details call these.
const (
	forgottenUpTo   = "up_to"
	forgottenDigest = "digest"
	forgottenBefore = "before"
)

// Deed writes it down.
func (f Forgotten) Deed(id uuid.UUID, now time.Time) Deed {
	return Deed{ID: id, At: now, Action: RecordForgotten, Details: map[string]string{
		forgottenUpTo: strconv.FormatInt(f.Last.Number, 10), forgottenDigest: f.Last.Digest, forgottenBefore: f.Before.UTC().Format(time.RFC3339),
	}}
}

// Forgotten reads it; ok is false for deeds of another action.
func (d Deed) Forgotten() (f Forgotten, ok bool) {
	if d.Action != RecordForgotten {
		return f, false
	}
	number, err := strconv.ParseInt(d.Details[forgottenUpTo], 10, 64)
	f.Last = Seal{Number: number, Digest: d.Details[forgottenDigest]}
	before, badTime := time.Parse(time.RFC3339, d.Details[forgottenBefore])
	f.Before = before
	return f, err == nil && badTime == nil
}
