package domain

import "time"

// Meeting is one run of a LiveKit room, from the first participant to the last.
type Meeting struct {
	SID       string // LiveKit's id of this run
	Room      string // LiveKit room name
	StartedAt time.Time
	EndedAt   *time.Time // nil while it runs
}

// Presence is one connection of somebody to a meeting. A reconnection makes
// another one.
type Presence struct {
	SID      string // LiveKit's id of this connection
	Meeting  string // its SID
	Room     string // LiveKit room name
	Identity string
	Name     string
	JoinedAt time.Time
	LeftAt   *time.Time // nil while connected
}

// PresenceOf is the participant's presence at a meeting; left is when it
// ended, the zero time while it lasts.
func PresenceOf(meeting Meeting, p Participant, left time.Time) Presence {
	presence := Presence{SID: p.SID, Meeting: meeting.SID, Room: meeting.Room, Identity: p.Identity, Name: p.Name, JoinedAt: p.JoinedAt}
	if !left.IsZero() {
		if left.Before(presence.JoinedAt) {
			left = presence.JoinedAt
		}
		presence.LeftAt = &left
	}
	return presence
}

// Within is the presence cut off at the end of its meeting, nil for none.
func (p Presence) Within(end *time.Time) Presence {
	if end == nil || p.LeftAt != nil && !p.LeftAt.After(*end) {
		return p
	}
	left := *end
	if left.Before(p.JoinedAt) {
		left = p.JoinedAt
	}
	p.LeftAt = &left
	return p
}
