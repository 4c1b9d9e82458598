package sqlstore

import (
	"context"

	"meet/ports"
)

var _ ports.Backlog = (*DB)(nil)

// Backlog implements ports.Backlog.
func (d *DB) Backlog(ctx context.Context) (letters, events int, err error) {
	var row struct{ Letters, Events int }
	err = d.get(ctx, nil, &row, `SELECT (SELECT COUNT(*) FROM meet_server_letter) AS letters,
		(SELECT COUNT(*) FROM meet_server_event WHERE due_at IS NOT NULL) AS events`)
	return row.Letters, row.Events, err
}
