package sqlstore

import (
	"context"
	"time"

	"meet/domain"
	"meet/ports"
)

// Attendance implements ports.Attendance.
type Attendance struct{ db *DB }

var _ ports.Attendance = (*Attendance)(nil)

// NewAttendance is the collection in db.
func NewAttendance(db *DB) *Attendance { return &Attendance{db} }

// merge keeps, of two records of one thing, the earliest start and end.
func merge(table, start, end string) string {
	return ` ON CONFLICT (sid) DO UPDATE SET
		` + start + ` = CASE WHEN excluded.` + start + ` < ` + table + `.` + start + ` THEN excluded.` + start + ` ELSE ` + table + `.` + start + ` END,
		` + end + ` = CASE WHEN ` + table + `.` + end + ` IS NULL OR excluded.` + end + ` < ` + table + `.` + end + `
			THEN excluded.` + end + ` ELSE ` + table + `.` + end + ` END,
		written_at = excluded.written_at`
}

// Meet implements ports.Attendance.
func (s *Attendance) Meet(ctx context.Context, meeting domain.Meeting, now time.Time) error {
	arg := map[string]any{
		"sid": meeting.SID, "room": meeting.Room, "started": meeting.StartedAt, "ended": meeting.EndedAt, "now": now,
	}
	return s.db.Atomically(ctx, func(ctx context.Context) error {
		_, err := s.db.exec(ctx, `INSERT INTO meet_server_meeting (sid, room, started_at, ended_at, written_at)
			VALUES (:sid, :room, :started, :ended, :now)`+merge("meet_server_meeting", "started_at", "ended_at"), arg)
		if err != nil || meeting.EndedAt == nil {
			return err
		}
		_, err = s.db.exec(ctx, `UPDATE meet_server_presence SET written_at = :now,
			left_at = CASE WHEN joined_at > :ended THEN joined_at ELSE :ended END
			WHERE meeting = :sid AND (left_at IS NULL OR left_at > :ended AND left_at > joined_at)`, arg)
		return err
	})
}

// Attend implements ports.Attendance.
func (s *Attendance) Attend(ctx context.Context, presence domain.Presence, now time.Time) error {
	return s.db.Atomically(ctx, func(ctx context.Context) error {
		var ended []struct{ EndedAt *time.Time }
		if err := s.db.list(ctx, &ended, `SELECT ended_at FROM meet_server_meeting WHERE sid = ?`, presence.Meeting); err != nil {
			return err
		}
		if len(ended) == 1 {
			presence = presence.Within(ended[0].EndedAt)
		}
		_, err := s.db.exec(ctx, `INSERT INTO meet_server_presence (sid, meeting, room, identity, name, joined_at, left_at, written_at)
			VALUES (:sid, :meeting, :room, :identity, :name, :joined, :left, :now)`+
			merge("meet_server_presence", "joined_at", "left_at"), map[string]any{
			"sid": presence.SID, "meeting": presence.Meeting, "room": presence.Room, "identity": presence.Identity,
			"name": presence.Name, "joined": presence.JoinedAt, "left": presence.LeftAt, "now": now,
		})
		return err
	})
}

const selectPresence = `SELECT sid, meeting, room, identity, name, joined_at, left_at FROM meet_server_presence WHERE left_at IS NULL`

// Open implements ports.Attendance.
func (s *Attendance) Open(ctx context.Context, before time.Time) (meetings []domain.Meeting, presences []domain.Presence, err error) {
	if err := s.db.list(ctx, &meetings, `SELECT sid, room, started_at, ended_at FROM meet_server_meeting
		WHERE ended_at IS NULL AND written_at < ? ORDER BY sid`, before); err != nil {
		return nil, nil, err
	}
	err = s.db.list(ctx, &presences, selectPresence+` AND written_at < ? ORDER BY sid`, before)
	return meetings, presences, err
}

// Runs implements ports.Attendance.
func (s *Attendance) Runs(ctx context.Context, room string) (bool, error) {
	var count int
	err := s.db.get(ctx, nil, &count, `SELECT COUNT(*) FROM meet_server_meeting WHERE room = ? AND ended_at IS NULL`, room)
	return count > 0, err
}

// Where implements ports.Attendance.
func (s *Attendance) Where(ctx context.Context, identity string) (presences []domain.Presence, err error) {
	err = s.db.list(ctx, &presences, selectPresence+` AND identity = ? ORDER BY sid`, identity)
	return presences, err
}

// Forget implements ports.Attendance.
func (s *Attendance) Forget(ctx context.Context, before time.Time) error {
	for _, query := range []string{
		`DELETE FROM meet_server_presence WHERE left_at < :before`,
		`DELETE FROM meet_server_meeting WHERE ended_at < :before`,
	} {
		if _, err := s.db.exec(ctx, query, map[string]any{"before": before}); err != nil {
			return err
		}
	}
	return nil
}
