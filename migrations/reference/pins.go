package reference

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"math/big"

	"github.com/lib/pq"
)

// drawPins adds the column and gives every room a code of ten digits that no
// other room has. The reference touches the rooms' time of change, so do we.
func drawPins(ctx context.Context, tx *sql.Tx) ([]string, error) {
	if _, err := tx.ExecContext(ctx, `ALTER TABLE meet_room ADD COLUMN pin_code varchar`); err != nil {
		return nil, err
	}
	var rooms pq.StringArray
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(array_agg(resource_id::text), '{}') FROM meet_room`).Scan(&rooms); err != nil {
		return nil, err
	}
	if len(rooms) == 0 {
		return nil, nil
	}
	pins, err := draw(len(rooms))
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE meet_room SET pin_code = drawn.pin
		FROM unnest($1::uuid[], $2::varchar[]) AS drawn (room, pin) WHERE resource_id = drawn.room`, rooms, pins); err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE meet_resource SET updated_at = now() WHERE id IN (SELECT resource_id FROM meet_room)`); err != nil {
		return nil, err
	}
	return []string{fmt.Sprintf("%d rooms get a PIN code", len(rooms))}, nil
}

const codes = 10_000_000_000

// draw gives different codes.
func draw(wanted int) (pq.StringArray, error) {
	if wanted > codes/2 {
		return nil, fmt.Errorf("there are not enough PIN codes for %d rooms", wanted)
	}
	taken := make(map[string]bool, wanted)
	pins := make(pq.StringArray, 0, wanted)
	for len(pins) < wanted {
		number, err := rand.Int(rand.Reader, big.NewInt(codes))
		if err != nil {
			return nil, err
		}
		pin := fmt.Sprintf("%010d", number)
		if !taken[pin] {
			taken[pin] = true
			pins = append(pins, pin)
		}
	}
	return pins, nil
}
