package room

import (
	"context"
	"errors"
	"fmt"

	"meet/domain"
)

// Visit is somebody who looks at a room.
type Visit struct {
	User     domain.User
	Username string           // the name the visitor would like to show, "" for the default
	Browser  string           // the id of a stranger's browser, a UUID
	Known    bool             // the browser brought the id with it
	Seen     *domain.RoomView // the room, when it was read together with who the visitor is
}

// Entrance is a room as a visitor sees it and, where the visitor may enter,
// what opens it.
type Entrance struct {
	domain.RoomView
	Temporary   bool   // not registered: only Slug is known of it
	LiveKitRoom string // "" when the visitor may not enter
	Token       string // LiveKit access token
}

// Get shows the room that the key names and opens it to those who may enter.
// An unknown one is a temporary room where the instance allows that, unless
// its slug could be mistaken for a registered room's id. It fails with
// domain.ErrRoomNotFound.
func (s *Service) Get(ctx context.Context, visit Visit, key string) (Entrance, error) {
	parsed := domain.ParseRoomKey(key)
	view, err := s.look(ctx, visit, parsed)
	if errors.Is(err, domain.ErrRoomNotFound) {
		return s.temporary(visit, parsed.Slug, err)
	}
	if err != nil {
		return Entrance{}, fmt.Errorf("get room: %w", err)
	}
	s.analytics.Track(ctx, visit.User, domain.Activity{Name: domain.RoomOpened, Properties: map[string]string{"slug": view.Slug}})
	return s.enter(visit, view)
}

// look is the room as the visitor sees it.
func (s *Service) look(ctx context.Context, visit Visit, key domain.RoomKey) (domain.RoomView, error) {
	if visit.Seen != nil {
		return *visit.Seen, nil
	}
	if visit.Known && !visit.User.SignedIn() {
		return s.rooms.Glimpse(ctx, key, visit.Browser)
	}
	return s.rooms.View(ctx, key, visit.User.ID)
}

func (s *Service) temporary(visit Visit, slug string, missing error) (Entrance, error) {
	if !s.rules.Unregistered || slug == "" || domain.LooksLikeUUID(slug) {
		return Entrance{}, missing
	}
	entrance := Entrance{Temporary: true, LiveKitRoom: slug}
	entrance.Slug, entrance.AccessLevel = slug, domain.Public
	return s.sign(visit, entrance)
}

// enter adds a token for those who may join.
func (s *Service) enter(visit Visit, view domain.RoomView) (Entrance, error) {
	entrance := Entrance{RoomView: view}
	if view.Banned || !view.MayJoin(visit.User, view.Role) {
		return entrance, nil
	}
	entrance.LiveKitRoom = view.ID.String()
	return s.sign(visit, entrance)
}

func (s *Service) sign(visit Visit, entrance Entrance) (_ Entrance, err error) {
	stranger := ""
	if !visit.User.SignedIn() {
		stranger = domain.TabIdentity(visit.Browser, s.world.NewID())
	}
	grant := s.rules.GrantFor(visit.User, entrance.Role, entrance.LiveKitRoom, visit.Username, stranger, entrance.Configuration)
	if entrance.Token, err = s.tokens.Sign(grant); err != nil {
		return Entrance{}, fmt.Errorf("sign access token: %w", err)
	}
	return entrance, nil
}

// List is the rooms on which the visitor holds a role, by name; strangers
// have none. It fails with domain.ErrInvalidPage.
func (s *Service) List(ctx context.Context, visit Visit, page domain.Page) (domain.Listing[Entrance], error) {
	var entrances domain.Listing[Entrance]
	if !visit.User.SignedIn() {
		_, err := page.Offset(0)
		return entrances, err
	}
	views, err := s.rooms.List(ctx, visit.User.ID, page)
	if err != nil {
		return entrances, fmt.Errorf("list rooms: %w", err)
	}
	entrances.Count = views.Count
	for _, view := range views.Items {
		entrance, err := s.enter(visit, view)
		if err != nil {
			return entrances, err
		}
		entrances.Items = append(entrances.Items, entrance)
	}
	return entrances, nil
}
