// Package load measures how the server fares under mixed traffic, on small
// and on large databases.
package load

import (
	"database/sql"
	"fmt"
	"testing"
)

// seed fills an empty, migrated database with so many people, each of whom
// owns a room; every tenth is a member of the next one's.
func seed(b testing.TB, database string, count int) {
	b.Helper()
	db, err := sql.Open("postgres", database)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	id := func(kind int) string {
		return fmt.Sprintf(`('0000000%d-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`, kind)
	}
	from := fmt.Sprintf(` FROM generate_series(1, %d) n`, count)
	for _, statement := range []string{
		`INSERT INTO meet_user (password, is_superuser, id, created_at, updated_at, sub, email, language, timezone, is_device, is_staff, is_active, full_name, default_room_configuration)
			SELECT '!x', false, ` + id(1) + `, now(), now(), 'seed-' || n, 'person' || n || '@example.org', 'en-us', 'UTC', false, false, true, 'Person ' || n, '{}'` + from,
		`INSERT INTO meet_resource (id, created_at, updated_at) SELECT ` + id(2) + `, now(), now()` + from,
		`INSERT INTO meet_room (name, resource_id, slug, configuration, access_level) SELECT 'Room ' || n, ` + id(2) + `, 'seed-room-' || n, '{}', 'public'` + from,
		`INSERT INTO meet_resource_access (id, created_at, updated_at, role, resource_id, user_id) SELECT ` + id(3) + `, now(), now(), 'owner', ` + id(2) + `, ` + id(1) + from,
		`INSERT INTO meet_resource_access (id, created_at, updated_at, role, resource_id, user_id)
			SELECT ` + id(4) + `, now(), now(), 'member', ` + id(2) + `, ('00000001-0000-4000-8000-' || lpad(to_hex(n - 1), 12, '0'))::uuid` + from + ` WHERE n % 10 = 0`,
		`ANALYSE`,
	} {
		if _, err := db.ExecContext(b.Context(), statement); err != nil {
			b.Fatalf("seed: %v", err)
		}
	}
}
