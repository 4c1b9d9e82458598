package memstore

import (
	"context"
	"slices"
	"time"

	"meet/domain"
	"meet/ports"
)

// Recordings implements ports.Recordings.
type Recordings struct{ *Store }

var _ ports.Recordings = Recordings{}

// Update implements ports.Recordings.
func (s Recordings) Update(ctx context.Context, egress string, _ time.Time, change func(*domain.Recording)) (domain.Recording, error) {
	defer s.locked(ctx)()
	recording, known := s.recordings[egress]
	if !known {
		return domain.Recording{}, domain.ErrRecordingNotFound
	}
	change(&recording)
	s.recordings[egress] = recording
	return recording, nil
}

// Running implements ports.Recordings.
func (s Recordings) Running(ctx context.Context, _ time.Time, statuses ...domain.RecordingStatus) (egresses []string, err error) {
	defer s.locked(ctx)()
	for egress, recording := range s.recordings {
		if slices.Contains(statuses, recording.Status) {
			egresses = append(egresses, egress)
		}
	}
	return egresses, nil
}

// Put keeps a recording that the egress writes, for tests.
func (s Recordings) Put(ctx context.Context, egress string, recording domain.Recording) {
	defer s.locked(ctx)()
	s.recordings[egress] = recording
}
