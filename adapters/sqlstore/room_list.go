package sqlstore

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"meet/domain"
)

// List implements ports.Rooms.
func (s *Rooms) List(ctx context.Context, viewer uuid.UUID, page domain.Page) (domain.Listing[domain.RoomView], error) {
	var listing domain.Listing[domain.RoomView]
	if err := s.db.get(ctx, nil, &listing.Count,
		`SELECT COUNT(*) FROM meet_resource_access a JOIN meet_room r ON r.resource_id = a.resource_id WHERE a.user_id = ?`,
		viewer); err != nil {
		return listing, err
	}
	offset, err := page.Offset(listing.Count)
	if err != nil || listing.Count == 0 {
		return listing, err
	}
	var rows []struct {
		roomRow
		MyRole domain.Role
	}
	if err := s.db.list(ctx, &rows, `SELECT `+roomColumns+`, mine.role AS my_role FROM meet_room r
		JOIN meet_resource_access mine ON mine.resource_id = r.resource_id AND mine.user_id = ?
		ORDER BY r.name, r.resource_id LIMIT ? OFFSET ?`, viewer, page.Size, offset); err != nil {
		return listing, err
	}
	var administered []any
	for _, row := range rows {
		listing.Items = append(listing.Items, domain.RoomView{Room: row.room(), Role: row.MyRole})
		if row.MyRole.Privileged() {
			administered = append(administered, row.ID)
		}
	}
	return listing, s.addMembers(ctx, listing.Items, administered)
}

// addMembers fills in the members of the rooms with the ids.
func (s *Rooms) addMembers(ctx context.Context, views []domain.RoomView, ids []any) error {
	if len(ids) == 0 {
		return nil
	}
	var rows []struct {
		memberRow
		ResourceID uuid.UUID
	}
	if err := s.db.list(ctx, &rows, `SELECT m.resource_id, `+memberColumns+` FROM meet_resource_access m
		JOIN meet_user p ON p.id = m.user_id WHERE m.resource_id IN (?`+strings.Repeat(`, ?`, len(ids)-1)+`)
		ORDER BY m.created_at DESC, m.id`, ids...); err != nil {
		return err
	}
	members := map[uuid.UUID][]domain.ResourceMember{}
	for _, row := range rows {
		members[row.ResourceID] = append(members[row.ResourceID], row.member())
	}
	for i := range views {
		views[i].Members = members[views[i].ID]
	}
	return nil
}
