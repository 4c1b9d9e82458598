// Package contract says what every store promises, once, and is run on each
// of them.
package contract

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Store is one implementation of all collections.
type Store struct {
	Users       ports.Users
	Rooms       ports.Rooms
	Pins        ports.Pins
	Roles       ports.Roles
	Accesses    ports.Accesses
	Sessions    ports.Sessions
	Arrivals    ports.Arrivals
	Once        ports.Once
	Callbacks   ports.CreationCallbacks
	Sweeper     ports.Sweeper
	Bans        ports.Bans
	Inbox       ports.Inbox
	Outbox      ports.Outbox
	Attendance  ports.Attendance
	Leases      ports.Leases
	Accounts    ports.Accounts
	Revocations ports.Revocations
	Deeds       ports.Deeds
	Atomically  ports.Atomically
}

// Run checks every promise on stores that open makes, each empty.
func Run(t *testing.T, open func(t *testing.T) Store) {
	t.Helper()
	for name, promise := range promises {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			promise(t, open(t))
		})
	}
}

var promises = map[string]func(*testing.T, Store){
	"a user comes back as it was saved":                        userRoundTrip,
	"an unknown user is not found":                             userNotFound,
	"a subject belongs to one user":                            subTaken,
	"many users have no subject":                               subNull,
	"users are found by e-mail whatever its case":              byEmail,
	"an update of a user saves the change or nothing":          userUpdate,
	"the search finds similar e-mails, newest first":           search,
	"a room comes back as it was saved":                        roomRoundTrip,
	"a slug belongs to one room":                               slugTaken,
	"a PIN belongs to one room":                                pinTaken,
	"a room that cannot be added leaves nothing":               roomAddAtomic,
	"a view shows members to the privileged only":              viewMembers,
	"a list holds the viewer's rooms by name":                  roomList,
	"an update of a room saves the change or nothing":          roomUpdate,
	"removing a room removes its accesses":                     roomRemove,
	"concurrent rooms with one slug leave one":                 slugRace,
	"an access comes with the decision's grounds":              accessCase,
	"a user has one access to a resource":                      accessTaken,
	"an access needs its room":                                 accessDangling,
	"accesses are listed for administrators, newest first":     accessList,
	"concurrent demotions keep one owner":                      ownerRace,
	"a session comes with its active user until it expires":    sessionFind,
	"an arrival is the session's person and the room":          arrivals,
	"a session can be removed":                                 sessionRemove,
	"sessions end by user and by provider session":             sessionRemoveOf,
	"a mark is new once until it expires":                      markOnce,
	"a callback is handed out once until it expires":           callbackOnce,
	"sweeping forgets what has expired":                        sweepExpired,
	"what fails inside a transaction leaves nothing":           atomic,
	"a text survives in any script, however long it may be":    textRoundTrip,
	"removing a room does not collide with its accesses":       removeRace,
	"who may not remove or grant does not":                     refusedRemoval,
	"texts that cannot be stored are not found":                unstorable,
	"a room is found by its PIN":                               byPin,
	"a role is given once, whoever is faster":                  assign,
	"who is banned is seen banned until it is lifted":          bans,
	"who is banned acts without a role":                        bansUnmake,
	"no owner is kept out":                                     bansSpareOwners,
	"bans of no known meeting end":                             bansEnd,
	"bans go with their room":                                  bansGo,
	"an event is kept once and due in the order of its time":   inbox,
	"senders of letters take turns":                            outboxTurns,
	"a letter is due until it is sent":                         outbox,
	"attendance is merged whatever its order":                  attendance,
	"a meeting that ends takes everybody with it":              attendanceEnds,
	"attendance that is over is forgotten":                     attendanceForgotten,
	"a lease has one holder":                                   leases,
	"accounts are known by their identities":                   holders,
	"tokens are void until no more of them work":               revocations,
	"whoever has a session that lives is signed in":            signedIn,
	"a sign-in and a sign-out at once leave one of both":       signInRace,
	"the tokens of whoever signs in again are not void":        signInEndsRevocation,
	"a glimpse shows the room, and who is kept out":            glimpse,
	"what was done stays, and is sealed once":                  deeds,
	"deeds that are sealed can be forgotten":                   deedsForgotten,
	"forgetting stays quick, however often it was done":        deedsForgottenOften,
	"a deed is undone with its transaction":                    deedsAtomic,
	"the role of a user is known, and whether the room exists": roleOf,
}

var start = time.Date(2026, 3, 14, 15, 9, 26, 535897000, time.UTC)

// at is a time some seconds after the start.
func at(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func aUser(name string, second int, changes ...func(*domain.User)) domain.User {
	user := domain.User{
		Profile:   domain.Profile{ID: uuid.New(), Email: name + "@example.com", FullName: name + " Doe", ShortName: name, Timezone: "UTC", Language: "en-us"},
		CreatedAt: at(second), UpdatedAt: at(second), Password: "!x", Sub: "sub-" + name, IsActive: true,
	}
	for _, change := range changes {
		change(&user)
	}
	return user
}

func (s Store) user(t *testing.T, name string, second int) domain.User {
	t.Helper()
	user := aUser(name, second)
	must(t, s.Users.Add(t.Context(), user))
	return user
}

func aRoom(t *testing.T, name string) domain.Room {
	t.Helper()
	room, err := domain.NewRoom(uuid.New(), name, "abc-defg-hij", domain.Restricted, domain.RoomConfiguration{"everyone_can_mute": true}, start)
	must(t, err)
	return room
}

func anAccess(room domain.Room, user domain.User, role domain.Role, second int) domain.ResourceAccess {
	return domain.ResourceAccess{ID: uuid.New(), CreatedAt: at(second), UpdatedAt: at(second), UserID: user.ID, ResourceID: room.ID, Role: role}
}

func (s Store) room(t *testing.T, name string, owner domain.User) domain.Room {
	t.Helper()
	room := aRoom(t, name)
	must(t, s.Rooms.Add(t.Context(), room, anAccess(room, owner, domain.Owner, 0)))
	return room
}

func (s Store) grant(t *testing.T, room domain.Room, user domain.User, role domain.Role, second int) domain.ResourceAccess {
	t.Helper()
	access := anAccess(room, user, role, second)
	must(t, s.Accesses.Add(t.Context(), access, uuid.Nil, anybody))
	return access
}

func (s Store) view(ctx context.Context, room domain.Room, viewer uuid.UUID) (domain.RoomView, error) {
	return s.Rooms.View(ctx, domain.RoomKey{ID: room.ID}, viewer)
}
