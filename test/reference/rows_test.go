package reference

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRowsOf2024AreCarriedForward(t *testing.T) {
	t.Parallel()
	db := written(t, "0002.sql", "rows_0002.sql")
	report := db.up(t)
	if report.Found != "La Suite Meet 0.1.0 to 0.1.3 (core 0002)" {
		t.Errorf("found %s", report.Found)
	}
	effects := map[string][]string{}
	for _, step := range report.Steps {
		if len(step.Effects) > 0 {
			effects[step.Name[:9]] = step.Effects
		}
	}
	if diff := cmp.Diff(map[string][]string{
		"core 0006": {"3 accounts that share an e-mail are merged into 1",
			"1 of the 2 accounts that go are staff: they can no longer enter the admin site"},
		"core 0011": {"2 private rooms become restricted", "3 public rooms stay public"},
		"core 0014": {"5 rooms get a PIN code"},
		"core 0019": {"1 accounts without a sub have an empty e-mail, which becomes NULL"},
		"core 0022": {"8 accounts get empty preferences"},
	}, effects); diff != "" {
		t.Error(diff)
	}
	expect := func(query string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, db.texts(t, query)); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
	expect(`SELECT concat_ws('|', right(id::text, 2), sub, COALESCE(email, 'NULL'), admin_email, language, timezone, is_staff) FROM meet_user ORDER BY id`,
		"01|ada|ada@example.com|en-us|Europe/Paris|f", "04|NULL|root@admin|en-us|UTC|t", "05|NULL|second@admin|en-us|UTC|t",
		"06|nobody|NULL|en-us|UTC|f", "07|mars||fr-fr|Mars/Olympus_Mons|f", "08|nowhere||xx||f", "09|NULL|empty@admin|en-us|Factory|t",
		"10|capital|ADA@example.com|en-us|UTC|f")
	expect(`SELECT name || '|' || access_level FROM meet_room ORDER BY resource_id`,
		"Open|public", "Closed|restricted", "日本|public", "Nameless|restricted", "Null|public")
	expect(`SELECT concat_ws('|', right(resource_id::text, 1), right(user_id::text, 2), role) FROM meet_resource_access ORDER BY 1`,
		"1|01|owner", "2|01|administrator", "2|06|owner", "3|01|owner", "4|01|administrator", "5|01|administrator", "5|07|owner")
	expect(`SELECT right(user_id::text, 2) FROM meet_user_groups ORDER BY 1`, "04", "05", "09")
	expect(`SELECT right(user_id::text, 2) FROM meet_user_user_permissions ORDER BY 1`, "04", "05", "09")
	expect(`SELECT right(user_id::text, 2) FROM django_admin_log ORDER BY 1`, "04", "05", "09")
	expect(`SELECT COUNT(DISTINCT pin_code)::text FROM meet_room WHERE pin_code ~ '^[0-9]{10}$'`, "5")
	expect(`SELECT configuration::text FROM meet_room ORDER BY resource_id`,
		`{"screen": {"deep": [1]}, "everyone_can_mute": "perhaps", "can_publish_sources": 7}`, `{}`, `[1, 2]`, `"text"`, `null`)
	expect(`SELECT DISTINCT default_room_configuration::text || COALESCE(default_room_access_level, '') FROM meet_user`, "{}")
	if !verifies(t, db.texts(t, `SELECT password FROM meet_user WHERE admin_email = 'root@admin'`)[0], "admin-password") {
		t.Error("the password of staff is lost")
	}
}

func TestRowsOf2026AreLeftAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, files := range [][]string{{"0018.sql", "rows_0018.sql"}, {"0021.sql", "rows_0018.sql"}} {
		db := written(t, files...)
		newer := ` #- '{external_process_id}' #- '{default_room_access_level}' #- '{default_room_configuration}'`
		tables := []string{"meet_user", "meet_resource", "meet_room", "meet_resource_access", "meet_recording", "meet_recording_access",
			"meet_application", "meet_application_domain", "file", "django_session"}
		snapshot := func() map[string][]string {
			all := map[string][]string{}
			for _, table := range tables {
				all[table] = db.texts(t, `SELECT (to_jsonb(r)`+newer+`)::text FROM "`+table+`" r ORDER BY 1`)
			}
			return all
		}
		before := snapshot()
		db.up(t)
		if diff := cmp.Diff(before, snapshot()); diff != "" {
			t.Errorf("%v: %s", files, diff)
		}
		if !verifies(t, db.texts(t, `SELECT client_secret FROM meet_application`)[0], "client-secret") {
			t.Error("the secret of an application is lost")
		}
	}
}

// verifies checks a password as Django does.
func verifies(t *testing.T, encoded, password string) bool {
	t.Helper()
	parts := strings.Split(encoded, "$")
	if len(parts) != 4 || parts[0] != "pbkdf2_sha256" {
		t.Fatal("not a hash of Django")
	}
	rounds, err := strconv.Atoi(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	key, err := pbkdf2.Key(sha256.New, password, []byte(parts[2]), rounds, 32)
	return err == nil && base64.StdEncoding.EncodeToString(key) == parts[3]
}

// An upgrade that stopped between 0005 and 0006 has recordings to move too.
func TestAccessesToRecordingsMoveWithTheMerge(t *testing.T) {
	t.Parallel()
	db := at(t, 5)
	db.MustExec(`INSERT INTO meet_user (password, is_superuser, id, created_at, updated_at, sub, email, language, timezone, is_device, is_staff, is_active)
		SELECT '!x', false, ('00000000-0000-4000-8000-00000000000' || n)::uuid, '2024-08-01'::timestamptz + n * interval '1 h', now(), 's' || n, 'ada@example.com',
		'en-us', 'UTC', false, false, true FROM generate_series(1, 3) n;
		INSERT INTO meet_resource SELECT ('00000000-0000-4000-9000-00000000000' || n)::uuid, now(), now(), true FROM generate_series(1, 2) n;
		INSERT INTO meet_room SELECT 'r', id, right(id::text, 1), '{}' FROM meet_resource;
		INSERT INTO meet_recording SELECT id, now(), now(), 'saved', NULL, id FROM meet_resource;
		INSERT INTO meet_recording_access (id, created_at, updated_at, team, role, recording_id, user_id) SELECT gen_random_uuid(), now(), now(), '', role,
			('00000000-0000-4000-9000-00000000000' || recording)::uuid, ('00000000-0000-4000-8000-00000000000' || who)::uuid
		FROM (VALUES ('member', 1, 1), ('administrator', 1, 2), ('owner', 1, 3), ('member', 2, 2), ('owner', 2, 3)) a (role, recording, who)`)
	db.up(t)
	got := db.texts(t, `SELECT concat_ws('|', right(recording_id::text, 1), right(user_id::text, 1), role) FROM meet_recording_access ORDER BY 1`)
	if diff := cmp.Diff([]string{"1|1|owner", "2|1|owner"}, got); diff != "" {
		t.Error(diff)
	}
}
