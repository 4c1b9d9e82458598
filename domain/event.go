package domain

import "time"

// EventKind is what LiveKit reports; others than the known ones occur.
type EventKind string

// The kinds of events that something is done about.
// See https://docs.livekit.io/home/server/webhooks/.
const (
	RoomStarted       EventKind = "room_started"
	RoomFinished      EventKind = "room_finished"
	ParticipantJoined EventKind = "participant_joined"
	ParticipantLeft   EventKind = "participant_left"
	EgressUpdated     EventKind = "egress_updated"
	EgressEnded       EventKind = "egress_ended"
)

// Event is something that LiveKit reports. It may arrive late, twice, out of
// order or never.
type Event struct {
	ID          string
	Kind        EventKind
	At          time.Time // whole seconds
	Room        string    // LiveKit room name, "" when the event is not about a room
	Meeting     Meeting
	Participant Participant
	Egress      Egress
	Attempts    int // how often handling it failed
}

// Order sorts events of one second: what opens comes before what closes.
func (e Event) Order() int {
	switch e.Kind {
	case RoomStarted:
		return 0
	case ParticipantJoined:
		return 1
	case ParticipantLeft, EgressEnded:
		return 3
	case RoomFinished:
		return 4
	default:
		return 2
	}
}

// EgressStatus is LiveKit's EgressStatus in lower case, without prefix.
type EgressStatus string

// The statuses that something is done about.
const (
	EgressActive       EgressStatus = "active"
	EgressEnding       EgressStatus = "ending"
	EgressComplete     EgressStatus = "complete"
	EgressFailed       EgressStatus = "failed"
	EgressAborted      EgressStatus = "aborted"
	EgressLimitReached EgressStatus = "limit_reached"
)

// Egress is LiveKit writing a room to a file.
type Egress struct {
	ID     string
	Status EgressStatus
}
