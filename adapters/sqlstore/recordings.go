package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"meet/domain"
	"meet/ports"
)

// Recordings implements ports.Recordings.
type Recordings struct{ db *DB }

var _ ports.Recordings = (*Recordings)(nil)

// NewRecordings is the collection in db.
func NewRecordings(db *DB) *Recordings { return &Recordings{db} }

// Running implements ports.Recordings.
func (s *Recordings) Running(ctx context.Context, before time.Time, statuses ...domain.RecordingStatus) ([]string, error) {
	list, err := json.Marshal(statuses)
	if err != nil {
		return nil, fmt.Errorf("statuses: %w", err)
	}
	var egresses []string
	err = s.db.list(ctx, &egresses, `SELECT worker_id FROM meet_recording
		WHERE worker_id IS NOT NULL AND updated_at < ? AND status IN (`+s.db.texts+`) ORDER BY created_at`, before, string(list))
	return egresses, err
}

// Update implements ports.Recordings.
func (s *Recordings) Update(ctx context.Context, egress string, now time.Time, change func(*domain.Recording)) (domain.Recording, error) {
	var recording domain.Recording
	err := s.db.Atomically(ctx, func(ctx context.Context) error {
		var row struct {
			domain.Recording
			Options object
		}
		if err := s.db.get(ctx, domain.ErrRecordingNotFound, &row, `SELECT id, room_id, status, mode, options FROM meet_recording
			WHERE worker_id = ? ORDER BY created_at DESC LIMIT 1`+s.db.forUpdate, egress); err != nil {
			return err
		}
		recording = row.Recording
		recording.Collector, _ = row.Options["metadata_collector_dispatch_id"].(string)
		before := recording.Status
		if change(&recording); recording.Status == before {
			return nil
		}
		_, err := s.db.exec(ctx, `UPDATE meet_recording SET status = :status, updated_at = :now WHERE id = :id`,
			map[string]any{"status": recording.Status, "now": now, "id": recording.ID})
		return err
	})
	return recording, err
}
