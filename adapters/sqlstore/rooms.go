package sqlstore

import (
	"context"
	"maps"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Rooms implements ports.Rooms.
type Rooms struct{ db *DB }

var (
	_ ports.Rooms = (*Rooms)(nil)
	_ ports.Pins  = (*Rooms)(nil)
)

// NewRooms is the collection in db.
func NewRooms(db *DB) *Rooms { return &Rooms{db} }

// roomRow is a Room as the two tables have it.
type roomRow struct {
	domain.Room
	Configuration object
}

func (r roomRow) room() domain.Room {
	room := r.Room
	room.Configuration = domain.RoomConfiguration(r.Configuration)
	return room
}

func rowOfRoom(room domain.Room) roomRow {
	return roomRow{Room: room, Configuration: object(room.Configuration)}
}

var roomColumns = []column{
	{"id", "uuid", "r.resource_id"}, orEmpty("name", "r.name"), orEmpty("slug", "r.slug"),
	orEmpty("access_level", "r.access_level"), {"configuration", "jsonb", "r.configuration"}, orEmpty("pin_code", "r.pin_code"),
}

// View implements ports.Rooms.
func (s *Rooms) View(ctx context.Context, key domain.RoomKey, viewer uuid.UUID) (domain.RoomView, error) {
	if viewer != uuid.Nil {
		return s.viewOf(ctx, key, viewer)
	}
	query, value := s.db.rooms.of(key)
	var row roomRow
	err := s.db.get(ctx, domain.ErrRoomNotFound, &row, query, value)
	return domain.RoomView{Room: row.room()}, err
}

// Glimpse implements ports.Rooms.
func (s *Rooms) Glimpse(ctx context.Context, key domain.RoomKey, whose string) (domain.RoomView, error) {
	query, value := s.db.glimpses.of(key)
	var row viewRow
	err := s.db.get(ctx, domain.ErrRoomNotFound, &row, query, whose, value)
	return row.view(), err
}

// viewOf reads the room, the viewer's role and, for the privileged, all
// members in one go.
func (s *Rooms) viewOf(ctx context.Context, key domain.RoomKey, viewer uuid.UUID) (domain.RoomView, error) {
	query, value := s.db.views.of(key)
	var row viewRow
	err := s.db.get(ctx, domain.ErrRoomNotFound, &row, query, viewer, viewer, value)
	return row.view(), err
}

// ByPin implements ports.Pins.
func (s *Rooms) ByPin(ctx context.Context, pin string) (domain.Room, error) {
	var row roomRow
	err := s.db.get(ctx, domain.ErrPinUnknown, &row, `SELECT `+listed(roomColumns)+` FROM meet_room r WHERE r.pin_code = ?`, pin)
	return row.room(), err
}

// Add implements ports.Rooms.
func (s *Rooms) Add(ctx context.Context, room domain.Room, owner domain.ResourceAccess) error {
	return s.db.Atomically(ctx, func(ctx context.Context) error {
		row := rowOfRoom(room)
		if _, err := s.db.exec(ctx, `INSERT INTO meet_resource (id, created_at, updated_at)
			VALUES (:id, :created_at, :updated_at)`, row); err != nil {
			return err
		}
		if _, err := s.db.exec(ctx, `INSERT INTO meet_room (name, resource_id, slug, configuration, access_level, pin_code)
			VALUES (:name, :id, :slug, :configuration, :access_level, NULLIF(:pin_code, ''))`,
			row, slugTaken, pinTaken); err != nil {
			return err
		}
		_, err := s.db.exec(ctx, insertAccess, owner)
		return err
	})
}

var (
	slugTaken = conflict{"slug", domain.ErrSlugTaken}
	pinTaken  = conflict{"pin_code", domain.ErrPinTaken}
)

// Update implements ports.Rooms.
func (s *Rooms) Update(ctx context.Context, id, actor uuid.UUID, change func(*domain.Room, domain.Role) error) error {
	return s.db.lockResource(ctx, id, actor, func(ctx context.Context, role domain.Role) error {
		var row roomRow
		if err := s.db.get(ctx, domain.ErrRoomNotFound, &row, `SELECT `+listed(roomColumns)+`, s.created_at, s.updated_at FROM meet_room r
			JOIN meet_resource s ON s.id = r.resource_id WHERE r.resource_id = ?`, id); err != nil {
			return err
		}
		before, room := row, row.room()
		room.Configuration = maps.Clone(room.Configuration)
		if err := change(&room, role); err != nil {
			return err
		}
		return s.save(ctx, before, rowOfRoom(room))
	})
}

// save writes what is different.
func (s *Rooms) save(ctx context.Context, before, after roomRow) error {
	var set assignments
	set.add("name = :name", before.Name != after.Name)
	set.add("slug = :slug", before.Slug != after.Slug)
	set.add("configuration = :configuration", !before.Configuration.equal(after.Configuration))
	set.add("access_level = :access_level", before.AccessLevel != after.AccessLevel)
	if len(set) > 0 {
		if _, err := s.db.exec(ctx, `UPDATE meet_room SET `+set.String()+` WHERE resource_id = :id`, after, slugTaken); err != nil {
			return err
		}
	}
	if before.UpdatedAt.Equal(after.UpdatedAt) {
		return nil
	}
	_, err := s.db.exec(ctx, `UPDATE meet_resource SET updated_at = :updated_at WHERE id = :id`, after)
	return err
}

// Remove implements ports.Rooms.
func (s *Rooms) Remove(ctx context.Context, id, actor uuid.UUID, allow func(domain.Role) error) error {
	arg := map[string]any{"id": id}
	return s.db.lockResource(ctx, id, actor, func(ctx context.Context, role domain.Role) error {
		if err := allow(role); err != nil {
			return err
		}
		for _, query := range []string{
			`DELETE FROM meet_recording_access WHERE recording_id IN (SELECT id FROM meet_recording WHERE room_id = :id)`,
			`DELETE FROM meet_recording WHERE room_id = :id`,
			`DELETE FROM meet_resource_access WHERE resource_id = :id`,
			`DELETE FROM meet_room WHERE resource_id = :id`,
			`DELETE FROM meet_resource WHERE id = :id`,
		} {
			if _, err := s.db.exec(ctx, query, arg); err != nil {
				return err
			}
		}
		return nil
	})
}
