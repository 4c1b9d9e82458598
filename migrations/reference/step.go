package reference

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
)

// Newest is the number of the reference's newest `core` migration we know.
const Newest = 22

//go:embed *.sql
var files embed.FS

// Step is one `core` migration of the reference as we carry it out.
type Step struct {
	Name  string // as in django_migrations
	Since string // first release that has it
	Does  string

	// The step is: before, then the SQL file, each if there is one.
	before func(ctx context.Context, tx *sql.Tx) (effects []string, err error)
	file   string
}

const values = "nothing but allowed values"

// Steps lists the `core` migrations in order; the first is number 1.
func Steps() []Step {
	return []Step{
		{Name: "0001_initial", Since: "0.1.0", Does: "users, rooms, accesses"},
		{Name: "0002_create_pg_trgm_extension", Since: "0.1.0", Does: "the extension pg_trgm", file: "0002_pg_trgm.sql"},
		{Name: "0003_alter_room_configuration", Since: "0.1.4", Does: values},
		{Name: "0004_alter_user_language", Since: "0.1.4", Does: values},
		{Name: "0005_recording_recordingaccess_and_more", Since: "0.1.8", Does: "adds recordings", file: "0005_recording.sql"},
		{Name: "0006_merge_duplicate_users", Since: "0.1.8", Does: "merges accounts that share an e-mail", before: mergeUsers},
		{Name: "0007_recording_mode", Since: "0.1.8", Does: "adds the mode of recordings", before: counted(`SELECT COUNT(*) FROM meet_recording`,
			"%d recordings become screen recordings"), file: "0007_recording_mode.sql"},
		{Name: "0008_user_full_name_user_short_name", Since: "0.1.8", Does: "adds names of users", file: "0008_user_names.sql"},
		{Name: "0009_alter_recording_status", Since: "0.1.9", Does: "widens the status of recordings", file: "0009_recording_status.sql"},
		{Name: "0010_alter_resourceaccess_options_alter_user_options", Since: "0.1.13", Does: "nothing but the order of lists"},
		{Name: "0011_remove_resource_is_public_room_access_level", Since: "0.1.15", Does: "gives rooms an access level", before: levels,
			file: "0011_access_level.sql"},
		{Name: "0012_alter_room_access_level", Since: "0.1.15", Does: values},
		{Name: "0013_alter_user_language", Since: "0.1.19", Does: values},
		{Name: "0014_room_pin_code", Since: "0.1.23", Does: "gives rooms a PIN code", before: drawPins, file: "0014_pin_code.sql"},
		{Name: "0015_application_and_more", Since: "0.1.40", Does: "adds applications", file: "0015_application.sql"},
		{Name: "0016_recording_options", Since: "1.2.0", Does: "adds options of recordings", before: counted(`SELECT COUNT(*) FROM meet_recording`,
			"%d recordings get empty options"), file: "0016_recording_options.sql"},
		{Name: "0017_file", Since: "1.11.0", Does: "adds files", file: "0017_file.sql"},
		{Name: "0018_rename_active_application_is_active", Since: "1.11.0", Does: "renames a column of applications",
			file: "0018_application_is_active.sql"},
		{Name: "0019_user_unique_email_when_sub_is_null", Since: "1.18.0", Does: "allows one pending account per e-mail",
			before: onePending, file: "0019_pending_email.sql"},
		{Name: "0020_alter_file_upload_state", Since: "1.18.0", Does: values},
		{Name: "0021_recording_external_process_id_alter_recording_status", Since: "1.23.0", Does: "adds the job of recordings",
			file: "0021_external_process.sql"},
		{Name: "0022_user_default_room_access_level_and_more", Since: "1.25.0", Does: "adds what users prefer for new rooms",
			before: counted(`SELECT COUNT(*) FROM meet_user`, "%d accounts get empty preferences"), file: "0022_user_defaults.sql"},
	}
}

// Done is a step that was taken, and what it did to rows.
type Done struct {
	Step
	Effects []string
}

// Forward takes the database from one `core` number to another, telling
// Django of each step. On an error it names the steps before the failed one.
func Forward(ctx context.Context, tx *sql.Tx, from, to int) ([]Done, error) {
	// Checks that wait for the end would keep the tables from being altered.
	if _, err := tx.ExecContext(ctx, `SET CONSTRAINTS ALL IMMEDIATE`); err != nil {
		return nil, fmt.Errorf("check constraints: %w", err)
	}
	var taken []Done
	for _, step := range Steps()[from:to] {
		effects, err := step.take(ctx, tx)
		if err != nil {
			return taken, fmt.Errorf("core %s: %w", step.Name, err)
		}
		taken = append(taken, Done{step, effects})
	}
	return taken, nil
}

func (s Step) take(ctx context.Context, tx *sql.Tx) (effects []string, err error) {
	if s.before != nil {
		if effects, err = s.before(ctx, tx); err != nil {
			return nil, err
		}
	}
	if s.file != "" {
		text, err := files.ReadFile(s.file)
		if err != nil {
			return nil, err
		}
		if _, err := tx.ExecContext(ctx, string(text)); err != nil {
			return nil, err
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO django_migrations (app, name, applied) VALUES ('core', $1, now())`, s.Name)
	return effects, err
}
