package reference

import (
	"context"
	"database/sql"
	"fmt"
)

// count is the number that the query gives.
func count(ctx context.Context, tx *sql.Tx, query string) (int, error) {
	var rows int
	err := tx.QueryRowContext(ctx, query).Scan(&rows)
	return rows, err
}

// counted says how many rows the SQL of a step will touch, if any.
func counted(query, effect string) func(context.Context, *sql.Tx) ([]string, error) {
	return func(ctx context.Context, tx *sql.Tx) ([]string, error) {
		rows, err := count(ctx, tx, query)
		if err != nil || rows == 0 {
			return nil, err
		}
		return []string{fmt.Sprintf(effect, rows)}, nil
	}
}

func levels(ctx context.Context, tx *sql.Tx) ([]string, error) {
	const rooms = `SELECT COUNT(*) FROM meet_room r JOIN meet_resource s ON s.id = r.resource_id WHERE `
	closed, err := counted(rooms+`NOT s.is_public`, "%d private rooms become restricted")(ctx, tx)
	if err != nil {
		return nil, err
	}
	open, err := counted(rooms+`s.is_public`, "%d public rooms stay public")(ctx, tx)
	return append(closed, open...), err
}

// pending are accounts that 0019 allows one of per e-mail.
const pending = `FROM meet_user WHERE sub IS NULL AND email IS NOT NULL GROUP BY lower(email) HAVING COUNT(*) > 1`

// onePending makes sure that the unique index of 0019 can be made. An empty
// e-mail is none, so it must not count as one that is taken.
func onePending(ctx context.Context, tx *sql.Tx) ([]string, error) {
	result, err := tx.ExecContext(ctx, `UPDATE meet_user SET email = NULL WHERE sub IS NULL AND email = ''`)
	if err != nil {
		return nil, err
	}
	emptied, err := result.RowsAffected()
	if err != nil {
		return nil, err
	}
	shared, err := count(ctx, tx, `SELECT COUNT(*) FROM (SELECT 1 `+pending+`) shared`)
	if err != nil {
		return nil, err
	}
	if shared > 0 {
		return nil, fmt.Errorf("%d e-mail addresses belong to several accounts without a sub each, and there may be one. "+
			"Remove or change the others first; this shows them: SELECT lower(email), array_agg(id) %s", shared, pending)
	}
	if emptied == 0 {
		return nil, nil
	}
	return []string{fmt.Sprintf("%d accounts without a sub have an empty e-mail, which becomes NULL", emptied)}, nil
}
