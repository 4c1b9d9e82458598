package domain

// Activity is something a person did that the product team may count.
type Activity struct {
	Name       string
	Properties map[string]string // never anything personal
}

// The activities.
const (
	RoomCreated = "Create Room"
	RoomOpened  = "Get Room"
	SignedIn    = "Signed In"
	SignedUp    = "Signed Up"
	SignedOut   = "Signed Out"

	RoomkitJoined = "Roomkit Joined"
)
