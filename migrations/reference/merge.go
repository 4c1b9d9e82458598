package reference

import (
	"context"
	"database/sql"
	"fmt"
)

// duplicates pairs every account that goes with the one that stays: the
// oldest with that e-mail, letter by letter. No e-mail is nobody's.
// It gets the subject with which somebody of them has signed in last, for that
// is who will come again.
const duplicates = `SELECT id, kept, is_staff, used FROM (
	SELECT id, is_staff, created_at, first_value(id) OVER (PARTITION BY email ORDER BY created_at, id) AS kept,
		first_value(id) OVER (PARTITION BY email ORDER BY sub IS NULL, NOT is_active, last_login DESC NULLS LAST, created_at, id) AS used
	FROM meet_user WHERE email <> '') u WHERE id <> kept ORDER BY kept, created_at, id`

// signing is what an account is signed in to with.
type signing struct {
	sub       sql.NullString
	lastLogin sql.NullTime
	active    bool
}

// merging moves what hangs on account $2 to account $1 and removes the rest.
// The higher role stays, as the reference has it.
func merging() []string {
	var statements []string
	for _, of := range []struct{ table, thing string }{
		{"meet_resource_access", "resource_id"}, {"meet_recording_access", "recording_id"},
	} {
		statements = append(statements,
			`UPDATE `+of.table+` a SET role = b.role FROM `+of.table+` b
				WHERE a.user_id = $1 AND b.user_id = $2 AND b.`+of.thing+` = a.`+of.thing+`
				AND a.role <> 'owner' AND b.role <> a.role AND b.role <> 'member'`,
			`DELETE FROM `+of.table+` b USING `+of.table+` a
				WHERE a.user_id = $1 AND b.user_id = $2 AND b.`+of.thing+` = a.`+of.thing,
			`UPDATE `+of.table+` SET user_id = $1 WHERE user_id = $2`)
	}
	return statements
}

// removing lists all else that hangs on an account, and the account.
func removing() []string {
	return []string{
		`DELETE FROM django_admin_log WHERE user_id = $1`,
		`DELETE FROM meet_user_groups WHERE user_id = $1`,
		`DELETE FROM meet_user_user_permissions WHERE user_id = $1`,
		`DELETE FROM meet_user WHERE id = $1`,
	}
}

type duplicate struct {
	id, kept, used string
	staff          bool
}

func mergeUsers(ctx context.Context, tx *sql.Tx) ([]string, error) {
	found, err := findDuplicates(ctx, tx)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	kept, staff := map[string]bool{}, 0
	last, err := signings(ctx, tx, found)
	if err != nil {
		return nil, err
	}
	for _, one := range found {
		kept[one.kept] = true
		if one.staff {
			staff++
		}
		for _, statement := range merging() {
			if _, err := tx.ExecContext(ctx, statement, one.kept, one.id); err != nil {
				return nil, err
			}
		}
		for _, statement := range removing() {
			if _, err := tx.ExecContext(ctx, statement, one.id); err != nil {
				return nil, err
			}
		}
	}
	for id, used := range last {
		if _, err := tx.ExecContext(ctx, `UPDATE meet_user SET sub = $2, last_login = $3, is_active = $4 WHERE id = $1`,
			id, used.sub, used.lastLogin, used.active); err != nil {
			return nil, err
		}
	}
	effects := []string{fmt.Sprintf("%d accounts that share an e-mail are merged into %d", len(found)+len(kept), len(kept))}
	if len(last) > 0 {
		effects = append(effects, fmt.Sprintf("%d of them keep the subject of a younger account, with which people signed in last", len(last)))
	}
	if staff > 0 {
		effects = append(effects, fmt.Sprintf("%d of the %d accounts that go are staff: they can no longer enter the admin site", staff, len(found)))
	}
	return effects, nil
}

// signings is, by account that stays, how people sign in to it who have
// signed in last to one that goes.
func signings(ctx context.Context, tx *sql.Tx, found []duplicate) (map[string]signing, error) {
	last := map[string]signing{}
	for _, one := range found {
		if one.id != one.used {
			continue
		}
		var used signing
		err := tx.QueryRowContext(ctx, `SELECT sub, last_login, is_active FROM meet_user WHERE id = $1`, one.id).
			Scan(&used.sub, &used.lastLogin, &used.active)
		if err != nil {
			return nil, err
		}
		last[one.kept] = used
	}
	return last, nil
}

func findDuplicates(ctx context.Context, tx *sql.Tx) (found []duplicate, err error) {
	rows, err := tx.QueryContext(ctx, duplicates)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var one duplicate
		if err := rows.Scan(&one.id, &one.kept, &one.staff, &one.used); err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, rows.Err()
}
