package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Deeds implements ports.Deeds.
type Deeds struct{ db *DB }

var _ ports.Deeds = (*Deeds)(nil)

// NewDeeds is the collection in db.
func NewDeeds(db *DB) *Deeds { return &Deeds{db} }

const deedColumns = `id, at, actor, action, room, subject, details, address, request_id, COALESCE(number, 0) AS number, COALESCE(digest, '') AS digest,
	COALESCE(previous, '') AS previous`

// deedRow is a deed as the table has it.
type deedRow struct {
	domain.SealedDeed
	Actor, Room uuid.NullUUID
	Details     string
}

func (r deedRow) deed() (domain.SealedDeed, error) {
	deed := r.SealedDeed
	deed.At, deed.Actor, deed.Room = deed.At.UTC(), r.Actor.UUID, r.Room.UUID
	if err := json.Unmarshal([]byte(r.Details), &deed.Details); err != nil {
		return deed, fmt.Errorf("details of a deed: %w", err)
	}
	return deed, nil
}

// Add implements ports.Deeds.
func (s *Deeds) Add(ctx context.Context, deed domain.Deed) error {
	details, err := json.Marshal(deed.Details)
	if err != nil {
		return fmt.Errorf("details of a deed: %w", err)
	}
	_, err = s.db.exec(ctx, `INSERT INTO meet_server_deed (id, at, actor, action, room, subject, details, address, request_id)
		VALUES (:id, :at, :actor, :action, :room, :subject, :details, :address, :request)`, map[string]any{
		"id": deed.ID, "at": deed.At, "actor": nullID(deed.Actor), "action": string(deed.Action), "room": nullID(deed.Room),
		"subject": deed.Subject, "details": string(details), "address": deed.Address, "request": deed.RequestID,
	})
	return err
}

func nullID(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }

// Unsealed implements ports.Deeds.
func (s *Deeds) Unsealed(ctx context.Context, limit int) ([]domain.Deed, error) {
	sealed, err := s.list(ctx, `number IS NULL ORDER BY at, id LIMIT ?`, limit)
	deeds := make([]domain.Deed, 0, len(sealed))
	for _, one := range sealed {
		deeds = append(deeds, one.Deed)
	}
	return deeds, err
}

// Sealed implements ports.Deeds.
func (s *Deeds) Sealed(ctx context.Context, room uuid.UUID, after int64, limit int) ([]domain.SealedDeed, error) {
	if room == uuid.Nil {
		return s.list(ctx, `number > ? ORDER BY number LIMIT ?`, after, limit)
	}
	return s.list(ctx, `room = ? AND number > ? ORDER BY number LIMIT ?`, room, after, limit)
}

func (s *Deeds) list(ctx context.Context, where string, args ...any) ([]domain.SealedDeed, error) {
	var rows []deedRow
	if err := s.db.list(ctx, &rows, `SELECT `+deedColumns+` FROM meet_server_deed WHERE `+where, args...); err != nil {
		return nil, err
	}
	deeds := make([]domain.SealedDeed, 0, len(rows))
	for _, row := range rows {
		deed, err := row.deed()
		if err != nil {
			return nil, err
		}
		deeds = append(deeds, deed)
	}
	return deeds, nil
}

// Last implements ports.Deeds.
func (s *Deeds) Last(ctx context.Context) (domain.Seal, error) {
	var seals []domain.Seal
	err := s.db.list(ctx, &seals, `SELECT number, digest, previous FROM meet_server_deed WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1`)
	if err != nil || len(seals) == 0 {
		return domain.Seal{}, err
	}
	return seals[0], nil
}

// Seal implements ports.Deeds.
func (s *Deeds) Seal(ctx context.Context, deed uuid.UUID, seal domain.Seal) error {
	sealed, err := s.db.exec(ctx, `UPDATE meet_server_deed SET number = :number, digest = :digest, previous = :previous WHERE id = :id AND number IS NULL`,
		map[string]any{"id": deed, "number": seal.Number, "digest": seal.Digest, "previous": seal.Previous})
	if err == nil && sealed == 0 {
		return fmt.Errorf("the deed %s has a seal already", deed)
	}
	return err
}

// Outdated implements ports.Deeds.
func (s *Deeds) Outdated(ctx context.Context, before time.Time, limit int) (domain.Seal, error) {
	var seals []domain.Seal
	err := s.db.list(ctx, &seals, `SELECT number, digest, previous FROM meet_server_deed WHERE number < COALESCE(
		(SELECT MIN(number) FROM meet_server_deed WHERE at >= ?), (SELECT MAX(number) + 1 FROM meet_server_deed))
		AND number < (SELECT MIN(number) FROM meet_server_deed) + ?
		AND EXISTS (SELECT 1 FROM meet_server_deed d WHERE d.number IS NOT NULL AND d.at < ? AND d.action <> ?)
		ORDER BY number DESC LIMIT 1`, before, limit, before, string(domain.RecordForgotten))
	if err != nil || len(seals) == 0 {
		return domain.Seal{}, err
	}
	return seals[0], nil
}

// Forget implements ports.Deeds.
func (s *Deeds) Forget(ctx context.Context, number int64) error {
	_, err := s.db.exec(ctx, `DELETE FROM meet_server_deed WHERE number <= :number`, map[string]any{"number": number})
	return err
}

// Guarded implements ports.Deeds.
func (s *Deeds) Guarded(ctx context.Context) (guarded bool, err error) {
	query := `SELECT COUNT(*) = 2 FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'meet_server_deed'
		AND name IN ('meet_server_deed_stays', 'meet_server_deed_kept')`
	if s.db.driver == postgres.driver {
		query = `SELECT COUNT(*) = 3 FROM pg_trigger WHERE tgrelid = to_regclass('meet_server_deed') AND tgenabled IN ('O', 'A')
			AND tgname IN ('meet_server_deed_stays', 'meet_server_deed_kept', 'meet_server_deed_whole')`
	}
	err = s.db.get(ctx, nil, &guarded, query)
	return guarded, err
}
