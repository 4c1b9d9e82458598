package reference

import (
	"context"
	"database/sql"
	"fmt"
)

// duplicates pairs every account that goes with the one that stays: the
// oldest with that e-mail, letter by letter. No e-mail is nobody's.
const duplicates = `SELECT id, kept, is_staff FROM (
	SELECT id, is_staff, created_at, first_value(id) OVER (PARTITION BY email ORDER BY created_at, id) AS kept
	FROM meet_user WHERE email <> '') u WHERE id <> kept ORDER BY kept, created_at, id`

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
	id, kept string
	staff    bool
}

func mergeUsers(ctx context.Context, tx *sql.Tx) ([]string, error) {
	found, err := findDuplicates(ctx, tx)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	kept, staff := map[string]bool{}, 0
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
	effects := []string{fmt.Sprintf("%d accounts that share an e-mail are merged into %d", len(found)+len(kept), len(kept))}
	if staff > 0 {
		effects = append(effects, fmt.Sprintf("%d of the %d accounts that go are staff: they can no longer enter the admin site", staff, len(found)))
	}
	return effects, nil
}

func findDuplicates(ctx context.Context, tx *sql.Tx) (found []duplicate, err error) {
	rows, err := tx.QueryContext(ctx, duplicates)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var one duplicate
		if err := rows.Scan(&one.id, &one.kept, &one.staff); err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, rows.Err()
}
