package contract_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/adapters/sqlstore"
	"meet/domain"
	"meet/test/postgres"
)

// TestRecordingsAreFoundByTheirEgress works on rows as the reference writes them.
func TestRecordingsAreFoundByTheirEgress(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]sqlstore.Config{
		"SQLite": {SQLitePath: filepath.Join(t.TempDir(), "meet.db")}, "PostgreSQL": {PostgresURL: postgres.URL(t)},
	} {
		store, db := openDB(t, config)
		room, id, now := uuid.New(), uuid.New(), time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)
		owner := domain.User{Profile: domain.Profile{ID: uuid.New(), Language: "en-us", Timezone: "UTC"}, Sub: "x", Password: "!", CreatedAt: now, UpdatedAt: now}
		made, err := domain.NewRoom(room, "Room", "abc", domain.Public, nil, now)
		if err == nil {
			err = store.Users.Add(t.Context(), owner)
		}
		if err == nil {
			err = store.Rooms.Add(t.Context(), made, domain.ResourceAccess{ID: uuid.New(), UserID: owner.ID, ResourceID: room, Role: domain.Owner, CreatedAt: now, UpdatedAt: now})
		}
		if err != nil {
			t.Fatal(err)
		}
		query := `INSERT INTO meet_recording (id, created_at, updated_at, status, worker_id, room_id, mode, options)
			VALUES ('` + id.String() + `', '2026-03-14 15:00:00+00:00', '2026-03-14 15:00:00+00:00', 'active', 'EG_1', '` + room.String() + `',
			'transcript', '{"metadata_collector_dispatch_id": "AD_1", "language": null}')`
		if _, err := db.SQL().ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
		recordings := sqlstore.NewRecordings(db)
		if running, err := recordings.Running(t.Context(), now, domain.RecordingActive, domain.RecordingStopped); err != nil || len(running) != 1 || running[0] != "EG_1" {
			t.Errorf("%s: running %v, error %v", name, running, err)
		}
		saved := func(r *domain.Recording) { r.Status = domain.RecordingSaved }
		if _, err := recordings.Update(t.Context(), "EG_1", now, saved); err != nil {
			t.Fatal(err)
		}
		if running, err := recordings.Running(t.Context(), now.Add(time.Hour), domain.RecordingActive); err != nil || len(running) != 0 {
			t.Errorf("%s: still running %v, error %v", name, running, err)
		}
		got, err := recordings.Update(t.Context(), "EG_1", now, func(*domain.Recording) {})
		want := domain.Recording{ID: id, RoomID: room, Status: domain.RecordingSaved, Mode: "transcript", Collector: "AD_1"}
		if got != want || err != nil {
			t.Errorf("%s: got %+v, error %v", name, got, err)
		}
		if _, err := recordings.Update(t.Context(), "EG_2", now, saved); !errors.Is(err, domain.ErrRecordingNotFound) {
			t.Errorf("%s: unknown egress: %v", name, err)
		}
	}
}
