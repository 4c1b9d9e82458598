package domain

import (
	"strings"
	"time"

	"github.com/google/uuid"
)

// Profile is what the administrators of a room see of a person.
type Profile struct {
	ID        uuid.UUID
	Email     string // "" when the provider told none
	FullName  string // "" when unknown, at most 100 characters
	ShortName string // "" when unknown, at most 100 characters
	Timezone  string // IANA name
	Language  string // one of the offered codes, such as "en-us"
	Blank     Blank
}

// Blank says which texts of a profile are known to be empty, where "" else
// means that nothing is known: the API shows "" for those, null for these.
type Blank struct{ Email, FullName, ShortName bool }

// User is a person known by the subject of an OpenID provider.
// The zero User is a stranger.
type User struct {
	Profile
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Password    string // a Django hash; "!…" matches nothing
	LastLogin   *time.Time
	IsSuperuser bool
	Sub         string // OIDC subject; "" for somebody who never signed in
	AdminEmail  string
	IsDevice    bool
	IsStaff     bool
	IsActive    bool

	// Preferences for rooms that the person creates.
	DefaultRoomAccessLevel   *AccessLevel // nil and "" mean the instance's default
	DefaultRoomConfiguration RoomConfiguration
}

// SignedIn reports whether u is somebody rather than a stranger.
func (u User) SignedIn() bool {
	return u.ID != uuid.Nil
}

// AnonymizedEmail keeps only the domain of the e-mail: "***@example.com",
// or "" without an e-mail. It is the only form that may leave the service.
func (u User) AnonymizedEmail() string {
	if u.Email == "" {
		return ""
	}
	_, domain, _ := strings.Cut(u.Email, "@")
	return "***@" + domain
}

// String is the name shown for the person when nothing better is known:
// the e-mail, else the back-office e-mail, else the id.
func (u User) String() string {
	switch {
	case u.Email != "":
		return u.Email
	case u.AdminEmail != "":
		return u.AdminEmail
	default:
		return u.ID.String()
	}
}

// DisplayName is the name others see in a meeting unless the person chose one.
func (u User) DisplayName() string {
	switch {
	case !u.SignedIn():
		return "Anonymous"
	case u.FullName != "":
		return u.FullName
	default:
		return u.String()
	}
}

// Identity is the person's LiveKit identity: the subject, else the id.
func (u User) Identity() string {
	if u.Sub != "" {
		return u.Sub
	}
	return u.ID.String()
}

// The failures around people.
var (
	ErrUserNotFound = &Error{Kind: NotFound, Detail: "No User matches the given query."}
	ErrSubTaken     = InvalidField("sub", "User with this Sub already exists.")
)
