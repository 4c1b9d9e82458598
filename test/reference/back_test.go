package reference

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"meet/adapters/sqlstore"
	"meet/domain"
)

// TestAMergedPersonKeepsTheSubjectInUse is a provider that gave everybody a
// new subject: the old account stays, and is found by the new one.
func TestAMergedPersonKeepsTheSubjectInUse(t *testing.T) {
	t.Parallel()
	db := written(t, "0002.sql")
	db.MustExec(`INSERT INTO meet_user (password, last_login, is_superuser, id, created_at, updated_at, sub, email, language, timezone, is_device, is_staff, is_active)
		SELECT '!x', login::timestamptz, false, gen_random_uuid(), made::timestamptz, now(), sub, email, 'en-us', 'UTC', false, false, active FROM (VALUES
			('old', 'moved@example.com', '2024-01-01', '2024-01-01', false), ('new', 'moved@example.com', '2024-02-01', '2024-07-01', true),
			(NULL, 'pending@example.com', '2024-01-01', NULL, true), ('real', 'pending@example.com', '2024-02-01', '2024-03-01', true),
			('used', 'off@example.com', '2024-01-01', '2024-01-01', true), ('twin', 'off@example.com', '2024-02-01', '2024-02-01', false),
			('first', 'stays@example.com', '2024-01-01', '2024-06-01', true), ('second', 'stays@example.com', '2024-02-01', '2024-02-01', true))
			AS u (sub, email, made, login, active)`)
	_, migrator := db.open(t)
	report, err := migrator.Up(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := db.texts(t, `SELECT concat_ws(' ', email, sub, is_active, created_at::date) FROM meet_user ORDER BY 1`)
	want := []string{"moved@example.com new t 2024-01-01", "off@example.com used t 2024-01-01", "pending@example.com real t 2024-01-01", "stays@example.com first t 2024-01-01"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var told bool
	for _, step := range report.Steps {
		told = told || strings.Contains(strings.Join(step.Effects, " "), "2 of them keep the subject of a younger account")
	}
	if !told {
		t.Errorf("the report does not tell: %+v", report)
	}
}

// TestOneCanGoBackAndComeAgain removes our tables as the document says.
func TestOneCanGoBackAndComeAgain(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/migration.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```sql\n")
	back, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("the document does not say how to go back")
	}
	db := at(t, 22)
	functions := `SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
		WHERE n.nspname = current_schema() AND p.prolang IN (SELECT oid FROM pg_language WHERE lanname = 'plpgsql') ORDER BY 1`
	tables, made := db.tables(t), db.texts(t, functions)
	_, migrator := db.open(t)
	for range 2 {
		if _, err := migrator.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		db.MustExec(back)
		if diff := cmp.Diff(tables, db.tables(t)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(made, db.texts(t, functions)); diff != "" {
			t.Error(diff)
		}
		if left := db.texts(t, `SELECT proname FROM pg_proc WHERE proname LIKE 'meet\_server\_%'`); len(left) > 0 {
			t.Errorf("functions stay: %v", left)
		}
	}
}

// TestANewerReferenceOnAnAdoptedDatabaseIsFine lets the reference be upgraded
// while our tables are there; its new migrations are its own business.
func TestANewerReferenceOnAnAdoptedDatabaseIsFine(t *testing.T) {
	t.Parallel()
	db := at(t, 22)
	_, migrator := db.open(t)
	if _, err := migrator.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	db.MustExec(`INSERT INTO django_migrations (app, name, applied) VALUES ('core', '0023_future', now())`)
	db.MustExec(`ALTER TABLE meet_user ALTER COLUMN full_name TYPE text, ALTER COLUMN sub TYPE text; ALTER TABLE meet_room ALTER COLUMN name TYPE text`)
	if report, err := migrator.Up(t.Context()); err != nil || len(report.Steps) != 0 {
		t.Errorf("%+v, %v", report, err)
	}
	db.MustExec(`INSERT INTO meet_resource (id, created_at, updated_at) VALUES ('10000000-0000-0000-0000-000000000001', now(), now());
		INSERT INTO meet_room (resource_id, name, slug, access_level, configuration) VALUES ('10000000-0000-0000-0000-000000000001', 'Room', 'room', 'public', '{}')`)
	store, _ := db.open(t)
	if room, err := sqlstore.NewRooms(store).View(t.Context(), domain.RoomKey{Slug: "room"}, uuid.Nil); err != nil || room.Name != "Room" {
		t.Errorf("a room whose name has another type: %+v, %v", room, err)
	}
	if report, err := migrator.Status(t.Context()); err != nil || len(report.Steps) < 4 {
		t.Errorf("%+v, %v", report, err)
	}
}
