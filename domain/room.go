package domain

import (
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Room is a Resource in which people meet.
type Room struct {
	Resource
	Name          string // 1 to 500 characters, not unique
	Slug          string // derived from the name, unique, at most 100 characters
	AccessLevel   AccessLevel
	Configuration RoomConfiguration
	PinCode       string // digits to dial in with, "" when there are none
}

// Limits of a room, in characters.
const (
	MaxRoomName = 500
	maxRoomSlug = 100
)

// The failures around rooms.
var (
	ErrRoomNotFound = &Error{Kind: NotFound, Detail: "No Room matches the given query."}
	ErrSlugTaken    = InvalidField("slug", "Room with this Slug already exists.")
	ErrPinUnknown   = &Error{Kind: NotFound, Detail: "No room found for this PIN code."}
	ErrPinTaken     = InvalidField("pin_code", "Room with this Room PIN code already exists.")
)

// NewRoom opens a room at the time now. fallback is its slug when the name
// holds no ASCII letter or digit; it is not looked at otherwise.
func NewRoom(id uuid.UUID, name, fallback string, level AccessLevel, configuration RoomConfiguration, now time.Time) (Room, error) {
	room := Room{
		Resource:      Resource{ID: id, CreatedAt: now, UpdatedAt: now},
		Slug:          fallback,
		AccessLevel:   level,
		Configuration: configuration,
	}
	if _, known := ParseAccessLevel(string(level)); !known {
		return Room{}, InvalidField("access_level", fmt.Sprintf("Value '%s' is not a valid choice.", Excerpt(string(level))))
	}
	if err := room.Rename(name); err != nil {
		return Room{}, err
	}
	return room, nil
}

// Rename changes the name and with it the slug. A name without ASCII letters
// or digits leaves the slug as it is.
func (r *Room) Rename(name string) error {
	slug := Slugify(name)
	if slug == "" {
		slug = r.Slug
	}
	if length := utf8.RuneCountInString(slug); length > maxRoomSlug {
		return InvalidField("slug", fmt.Sprintf("Ensure this value has at most %d characters (it has %d).", maxRoomSlug, length))
	}
	if LooksLikeUUID(slug) {
		return InvalidField("name", fmt.Sprintf("Room name \"%s\" is reserved.", Excerpt(name)))
	}
	r.Name, r.Slug = name, slug
	return nil
}

// Named gives the room a slug when it has none, as rooms of old may: that of
// its name, unless it is taken or none, else the fallback.
func (r *Room) Named(fallback string, taken bool) {
	if r.Slug != "" {
		return
	}
	if slug := Slugify(r.Name); !taken && slug != "" && !LooksLikeUUID(slug) && len(slug) <= maxRoomSlug {
		fallback = slug
	}
	r.Slug = fallback
}

// MayJoin reports whether a visitor with this role enters without knocking.
func (r Room) MayJoin(visitor User, role Role) bool {
	switch r.AccessLevel {
	case Public:
		return true
	case Trusted:
		return visitor.SignedIn()
	default:
		return role != NoRole
	}
}

// RoomKey is how an address names a room: by id, or else by slug.
type RoomKey struct {
	ID   uuid.UUID
	Slug string // looked at only when ID is uuid.Nil
}

// ParseRoomKey reads the part of an address that names a room: an id in any
// of its spellings, or a text whose slug is the room's.
func ParseRoomKey(text string) RoomKey {
	if id, ok := ParseUUID(text); ok && id != uuid.Nil { // no room has the nil UUID
		return RoomKey{ID: id}
	}
	return RoomKey{Slug: Slugify(text)}
}

// Arrival is a signed-in person at a room's door.
type Arrival struct {
	User User
	Room *RoomView // as the person sees it; nil when there is no such room
}

// RoomView is a room as one visitor sees it.
type RoomView struct {
	Room
	Role    Role             // the visitor's
	Members []ResourceMember // newest first; only for privileged visitors
	Banned  bool             // the visitor is kept out of the present meeting
}
