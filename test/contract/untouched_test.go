package contract_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"meet/adapters/sqlstore"
	"meet/domain"
	"meet/test/contract"
	"meet/test/postgres"
)

// TestWhatAChangeDoesNotNameStaysAsItIsStored changes rows that hold what we
// read otherwise: empty texts, NULL and odd JSON.
func TestWhatAChangeDoesNotNameStaysAsItIsStored(t *testing.T) {
	t.Parallel()
	for engine, config := range map[string]sqlstore.Config{
		"SQLite": {SQLitePath: filepath.Join(t.TempDir(), "meet.db")}, "PostgreSQL": {PostgresURL: postgres.URL(t)},
	} {
		t.Run(engine, func(t *testing.T) {
			store, db := openDB(t, config)
			untouchedUser(t, store, db.SQL())
			untouchedRoom(t, store, db.SQL())
		})
	}
}

func untouchedUser(t *testing.T, store contract.Store, db *sql.DB) {
	t.Helper()
	id := uuid.New()
	execute(t, db, `INSERT INTO meet_user (password, is_superuser, id, created_at, updated_at, sub, email, admin_email, language, timezone, is_device, is_staff, is_active,
		full_name, short_name, default_room_access_level, default_room_configuration)
		VALUES ('', false, '`+id.String()+`', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '', '', NULL, 'en-us', 'UTC', false, false, true, '', NULL, '', '[1]')`)
	changed, err := store.Users.Update(t.Context(), id, func(user *domain.User) error {
		user.Language = "fr-fr"
		return nil
	})
	if err != nil || changed.Blank != (domain.Blank{Email: true, FullName: true}) {
		t.Errorf("changed is %+v, %v", changed, err)
	}
	var kept bool
	query := `SELECT COUNT(*) = 1 FROM meet_user WHERE sub = '' AND email = '' AND full_name = '' AND short_name IS NULL AND language = 'fr-fr'
		AND default_room_access_level = '' AND CAST(default_room_configuration AS text) = '[1]'`
	if err := db.QueryRow(query).Scan(&kept); err != nil || !kept {
		t.Errorf("the person is stored otherwise: %v", err)
	}
}

func untouchedRoom(t *testing.T, store contract.Store, db *sql.DB) {
	t.Helper()
	id := uuid.New()
	execute(t, db, `INSERT INTO meet_resource (id, created_at, updated_at) VALUES ('`+id.String()+`', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')`)
	execute(t, db, `INSERT INTO meet_room (name, resource_id, slug, configuration, access_level) VALUES ('Daily', '`+id.String()+`', NULL, '[1]', '')`)
	if err := store.Rooms.Update(t.Context(), id, uuid.Nil, func(room *domain.Room, _ domain.Role) error {
		room.Name = "Weekly"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var kept bool
	query := `SELECT COUNT(*) = 1 FROM meet_room WHERE name = 'Weekly' AND slug IS NULL AND access_level = '' AND CAST(configuration AS text) = '[1]'`
	if err := db.QueryRow(query).Scan(&kept); err != nil || !kept {
		t.Errorf("the room is stored otherwise: %v", err)
	}
}

func execute(t *testing.T, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}
