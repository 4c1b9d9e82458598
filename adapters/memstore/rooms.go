package memstore

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Rooms implements ports.Rooms.
type Rooms struct{ *Store }

var (
	_ ports.Rooms = Rooms{}
	_ ports.Pins  = Rooms{}
)

// View implements ports.Rooms.
func (s Rooms) View(ctx context.Context, key domain.RoomKey, viewer uuid.UUID) (domain.RoomView, error) {
	defer s.locked(ctx)()
	for _, room := range s.rooms {
		if room.ID == key.ID || (key.ID == uuid.Nil && room.Slug == key.Slug) {
			return s.view(room, viewer), nil
		}
	}
	return domain.RoomView{}, domain.ErrRoomNotFound
}

// Glimpse implements ports.Rooms.
func (s Rooms) Glimpse(ctx context.Context, key domain.RoomKey, whose string) (domain.RoomView, error) {
	view, err := s.View(ctx, key, uuid.Nil)
	defer s.locked(ctx)()
	_, view.Banned = s.bans[banKey{view.ID, whose}]
	return view, err
}

func (s Rooms) view(room domain.Room, viewer uuid.UUID) domain.RoomView {
	view := domain.RoomView{Room: room}
	if viewer == uuid.Nil {
		return view
	}
	view.Banned = s.keptOut(room.ID, viewer)
	accesses := s.accessesOf(room.ID)
	for _, access := range accesses {
		if access.UserID == viewer {
			view.Role = access.Role
		}
	}
	if view.Role.Privileged() {
		for _, access := range accesses {
			view.Members = append(view.Members, domain.ResourceMember{
				AccessID: access.ID, Role: access.Role, Profile: s.users[access.UserID].Profile,
			})
		}
	}
	return view
}

// List implements ports.Rooms.
func (s Rooms) List(ctx context.Context, viewer uuid.UUID, p domain.Page) (domain.RoomList, error) {
	defer s.locked(ctx)()
	var views []domain.RoomView
	for _, room := range s.rooms {
		if view := s.view(room, viewer); view.Role != domain.NoRole {
			views = append(views, view)
		}
	}
	slices.SortFunc(views, func(a, b domain.RoomView) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID.String(), b.ID.String()))
	})
	list, err := page(views, p)
	return domain.RoomList(list), err
}

// ByPin implements ports.Pins.
func (s Rooms) ByPin(ctx context.Context, pin string) (domain.Room, error) {
	defer s.locked(ctx)()
	for _, room := range s.rooms {
		if pin != "" && room.PinCode == pin {
			return room, nil
		}
	}
	return domain.Room{}, domain.ErrPinUnknown
}

// Add implements ports.Rooms.
func (s Rooms) Add(ctx context.Context, room domain.Room, owner domain.ResourceAccess) error {
	defer s.locked(ctx)()
	if err := s.put(room); err != nil {
		return err
	}
	s.accesses[owner.ID] = owner
	return nil
}

func (s Rooms) put(room domain.Room) error {
	for _, other := range s.rooms {
		switch {
		case other.ID == room.ID:
		case other.Slug == room.Slug:
			return domain.ErrSlugTaken
		case room.PinCode != "" && other.PinCode == room.PinCode:
			return domain.ErrPinTaken
		}
	}
	s.rooms[room.ID] = room
	return nil
}

// Update implements ports.Rooms.
func (s Rooms) Update(ctx context.Context, id, actor uuid.UUID, change func(*domain.Room, domain.Role) error) error {
	defer s.locked(ctx)()
	room, known := s.rooms[id]
	if !known {
		return domain.ErrRoomNotFound
	}
	if err := change(&room, s.actingRole(id, actor)); err != nil {
		return err
	}
	return s.put(room)
}

// Remove implements ports.Rooms.
func (s Rooms) Remove(ctx context.Context, id, actor uuid.UUID, allow func(domain.Role) error) error {
	defer s.locked(ctx)()
	if _, known := s.rooms[id]; !known {
		return domain.ErrRoomNotFound
	}
	if err := allow(s.actingRole(id, actor)); err != nil {
		return err
	}
	delete(s.rooms, id)
	maps.DeleteFunc(s.accesses, func(_ uuid.UUID, a domain.ResourceAccess) bool { return a.ResourceID == id })
	maps.DeleteFunc(s.bans, func(key banKey, _ domain.Ban) bool { return key.room == id })
	return nil
}
