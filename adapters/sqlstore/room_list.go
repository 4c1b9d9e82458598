package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"meet/domain"
)

// List implements ports.Rooms.
func (s *Rooms) List(ctx context.Context, viewer uuid.UUID, page domain.Page) (domain.RoomList, error) {
	var listing domain.RoomList
	if err := s.db.get(ctx, nil, &listing.Count,
		`SELECT COUNT(*) FROM meet_resource_access a JOIN meet_room r ON r.resource_id = a.resource_id WHERE a.user_id = ?`,
		viewer); err != nil {
		return listing, err
	}
	offset, err := page.Offset(listing.Count)
	if err != nil || listing.Count == 0 {
		return listing, err
	}
	var rows []viewRow
	if err := s.db.list(ctx, &rows, `SELECT `+listed(s.db.viewColumns(`?`))+viewed+` WHERE mine.user_id = ? ORDER BY r.name, r.resource_id LIMIT ? OFFSET ?`,
		viewer, viewer, viewer, page.Size, offset); err != nil {
		return listing, err
	}
	for _, row := range rows {
		listing.Items = append(listing.Items, row.view())
	}
	return listing, nil
}
