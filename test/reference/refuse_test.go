package reference

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatIsNotKnownForCertainIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, spoil string
		says        []string
	}{
		"a newer release": {"0021.sql", `INSERT INTO django_migrations (app, name, applied) VALUES ('core', '0023_new', now())`,
			[]string{`core "0023_new" is unknown`, "newer than 1.27.0"}},
		"an unknown name": {"0014.sql", `UPDATE django_migrations SET name = '0003_own' WHERE app = 'core' AND name LIKE '0003%'`,
			[]string{`core "0003_own" is unknown`}},
		"a development build": {"0018.sql", `INSERT INTO django_migrations (app, name, applied) VALUES ('core', '0019_alter_file_upload_state', now())`,
			[]string{`core "0019_alter_file_upload_state" is unknown`, "development build"}},
		"a gap": {"0014.sql", `DELETE FROM django_migrations WHERE app = 'core' AND name LIKE '0006%'`,
			[]string{"core 0006_merge_duplicate_users is missing"}},
		"no django_migrations": {"0014.sql", `DROP TABLE django_migrations`, []string{"no django_migrations"}},
		"django_migrations of another shape": {"0014.sql", `ALTER TABLE django_migrations RENAME COLUMN app TO application`,
			[]string{"no readable django_migrations"}},
		"no row of core":       {"0014.sql", `DELETE FROM django_migrations WHERE app = 'core'`, []string{"another application"}},
		"no table of users":    {"0014.sql", `DROP TABLE meet_user CASCADE`, []string{"no table meet_user"}},
		"an unfinished run":    {"0014.sql", `DELETE FROM django_migrations WHERE app = 'sites'`, []string{"sites 0001_initial is missing"}},
		"two pending accounts": {"0014.sql", pendingTwice, []string{"core 0019", "1 e-mail addresses", "SELECT lower(email), array_agg(id) FROM meet_user"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := written(t, c.file)
			db.MustExec(c.spoil)
			before := db.tables(t)
			_, migrator := db.open(t)
			_, err := migrator.Up(t.Context())
			for _, text := range c.says {
				if err == nil || !strings.Contains(err.Error(), text) {
					t.Errorf("error %v, without %q", err, text)
				}
			}
			if err != nil && strings.Contains(err.Error(), "@") {
				t.Errorf("the error tells an e-mail: %v", err)
			}
			if diff := cmp.Diff(before, db.tables(t)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

const pendingTwice = `INSERT INTO meet_user (password, is_superuser, id, created_at, updated_at, email, language, timezone, is_device, is_staff, is_active)
	SELECT '!x', false, gen_random_uuid(), now(), now(), e, 'en-us', 'UTC', false, false, true FROM unnest('{one@example.com,ONE@example.com}'::text[]) e`

// tables are all columns that there are.
func (d database) tables(t *testing.T) []string {
	t.Helper()
	return d.texts(t, `SELECT concat_ws('.', table_name, column_name, data_type) FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1`)
}

func TestOurTablesOnAnotherVersionOfTheReferenceAreRefused(t *testing.T) {
	t.Parallel()
	db := written(t)
	db.up(t)
	db.MustExec(`DELETE FROM django_migrations WHERE app = 'core' AND name LIKE '0022%'`)
	_, migrator := db.open(t)
	if _, err := migrator.Up(t.Context()); err == nil || !strings.Contains(err.Error(), "restored in part") {
		t.Errorf("got %v", err)
	}
}

// The last step fails on a table that is in its way.
func TestAFailureLeavesTheOldDatabase(t *testing.T) {
	t.Parallel()
	db := written(t, "0002.sql", "rows_0002.sql")
	db.MustExec(`CREATE TABLE meet_server_lease (mine text)`)
	schema, rows := db.schema(t), db.rows(t)
	_, migrator := db.open(t)
	for range 2 {
		report, err := migrator.Up(t.Context())
		if err == nil || !strings.Contains(err.Error(), "00003_meetings.sql") || !strings.Contains(err.Error(), "meet_server_lease") {
			t.Errorf("got %v", err)
		}
		if len(report.Steps) < 20 {
			t.Errorf("only %d steps were reported", len(report.Steps))
		}
		if diff := cmp.Diff(schema, db.schema(t)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(rows, db.rows(t)); diff != "" {
			t.Error(diff)
		}
	}
	db.MustExec(`DROP TABLE meet_server_lease`)
	if _, err := migrator.Up(t.Context()); err != nil {
		t.Errorf("the same process, once the table is gone: %v", err)
	}
}
