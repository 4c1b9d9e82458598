package httpapi

import (
	"github.com/google/uuid"

	"meet/application/room"
	"meet/domain"
)

// liveKitView is what opens a meeting: the media server and a token for it.
type liveKitView struct {
	URL   string `json:"url"`
	Room  string `json:"room"`
	Token string `json:"token"`
}

// memberView is an access of a room, with its person.
type memberView struct {
	ID       uuid.UUID   `json:"id"`
	User     userView    `json:"user"`
	Resource uuid.UUID   `json:"resource"`
	Role     domain.Role `json:"role"`
}

// roomView is a room as the API shows one. What the visitor may not see is
// absent, not null.
type roomView struct {
	ID            uuid.UUID                `json:"id"`
	Name          string                   `json:"name"`
	Slug          string                   `json:"slug"`
	Configuration domain.RoomConfiguration `json:"configuration"`
	AccessLevel   domain.AccessLevel       `json:"access_level"`
	PinCode       any                      `json:"pin_code,omitempty"` // *string; null is shown, absence not
	Accesses      []memberView             `json:"accesses,omitempty"`
	LiveKit       *liveKitView             `json:"livekit,omitempty"`
}

// temporaryView is a room that nobody registered.
type temporaryView struct {
	ID              *uuid.UUID         `json:"id"`
	Slug            string             `json:"slug"`
	IsAdministrable bool               `json:"is_administrable"`
	AccessLevel     domain.AccessLevel `json:"access_level"`
	LiveKit         *liveKitView       `json:"livekit"`
}

func (h rooms) viewTemporary(e room.Entrance) temporaryView {
	return temporaryView{Slug: e.Slug, AccessLevel: e.AccessLevel, LiveKit: h.viewLiveKit(e)}
}

func (h rooms) viewLiveKit(e room.Entrance) *liveKitView {
	if e.LiveKitRoom == "" {
		return nil
	}
	return &liveKitView{URL: h.config.LiveKitURL, Room: e.LiveKitRoom, Token: e.Token}
}

// view shows the room. Preferences of people other than the viewer stay hidden.
func (h rooms) view(e room.Entrance, viewer domain.User) roomView {
	view := roomView{
		ID: e.ID, Name: e.Name, Slug: e.Slug, Configuration: orEmpty(e.Configuration), AccessLevel: e.AccessLevel,
		LiveKit: h.viewLiveKit(e),
	}
	if view.LiveKit != nil {
		view.PinCode = orNull(e.PinCode, false)
	}
	for _, member := range e.Members {
		shown := memberView{ID: member.AccessID, User: viewProfile(member.Profile), Resource: e.ID, Role: member.Role}
		if member.Profile.ID == viewer.ID {
			shown.User = viewUser(viewer)
		}
		view.Accesses = append(view.Accesses, shown)
	}
	return view
}
