package domain

import "time"

// LobbyStatus is how far somebody has come who asked to enter a room.
type LobbyStatus string

// The statuses. An entry waits until a moderator decides; a decision can be
// reversed for as long as the entry lives.
const (
	Waiting  LobbyStatus = "waiting"
	Accepted LobbyStatus = "accepted"
	Denied   LobbyStatus = "denied"
)

// LobbyEntry is somebody who asked to enter a room.
type LobbyEntry struct {
	ID       string // of the browser, a UUID; unique within the room
	Username string // the name the person asked for
	Color    string // CSS hsl() of the avatar
	Status   LobbyStatus
	Identity string // the LiveKit identity that the person would have
}

// LobbyRules say how long entries live.
type LobbyRules struct {
	Waiting  time.Duration // since the last request of who waits
	Accepted time.Duration
	Denied   time.Duration // then the person may knock again
	Notice   string        // type of the message that tells moderators of a knock
}

// LobbyIdentity is the LiveKit identity of a visitor whose browser has the id.
func LobbyIdentity(id string, visitor User) string {
	if visitor.SignedIn() {
		return visitor.Identity()
	}
	return id
}

// NewLobbyEntry is somebody who has just knocked; visitor is a stranger or
// who is signed in.
func NewLobbyEntry(id, username string, visitor User) LobbyEntry {
	return LobbyEntry{ID: id, Username: username, Color: Color(id), Status: Waiting, Identity: LobbyIdentity(id, visitor)}
}

// Decision is the status after a moderator decided, and how long it holds.
func (r LobbyRules) Decision(allow bool) (LobbyStatus, time.Duration) {
	if allow {
		return Accepted, r.Accepted
	}
	return Denied, r.Denied
}

// ErrLobbyEntryNotFound says that nobody of that id knocked, or not any more.
var ErrLobbyEntryNotFound = &Error{Kind: NotFound, Detail: "Participant not found."}

// MaxWaiting is how many people can wait before one room.
const MaxWaiting = 5000

// PlaceKept is for how long somebody whose entry expired, because a browser
// was slow to ask again, may come back to the same place in line.
const PlaceKept = time.Minute

// ErrLobbyFull says that no more people can wait.
var ErrLobbyFull = &Error{Kind: Throttled, Detail: "Too many people are waiting. Please try again later."}

// ErrNoLobby says that everybody enters the room without asking.
var ErrNoLobby = &Error{Kind: NotFound, Detail: "Room has no lobby system."}
