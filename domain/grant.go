package domain

import (
	"crypto/sha256"
	"fmt"
	"time"
)

// GrantTTL is how long a meeting token opens its room.
const GrantTTL = 6 * time.Hour

// Grant is what a LiveKit access token allows its holder. It never lets
// anybody moderate through LiveKit itself, which knows nothing of demotions
// and removals for as long as a token lives: moderators call our API.
// See https://docs.livekit.io/home/get-started/authentication/.
type Grant struct {
	Room          string // LiveKit room name
	Identity      string // unique within the room
	Name          string // shown to others
	Color         string // CSS hsl() of the avatar
	Role          Role
	Authenticated bool
	Sources       []string // tracks that may be published; none when empty
	TTL           time.Duration
}

// TokenRules are an instance's choices about grants.
type TokenRules struct {
	DefaultSources  []string
	MembersMayName  bool // signed-in people may choose another display name
	Unregistered    bool // unknown rooms open as temporary ones
	DefaultLevel    AccessLevel
	PinLength       int // 0: rooms get no PIN
	PinAttempts     int
	CallbackTimeout time.Duration
	TestPrefix      string        // rooms of connection tests begin with it
	TestTTL         time.Duration // of their tokens
}

// TestGrant opens a room that nobody else has, to see whether the visitor's
// browser reaches the media server.
func (t TokenRules) TestGrant(visitor User, id, identity string) Grant {
	grant := t.GrantFor(visitor, NoRole, t.TestPrefix+"-"+id, "Connection Test", identity, nil)
	grant.TTL = t.TestTTL
	return grant
}

// GrantFor makes the grant of a visitor for a LiveKit room. username is the
// name the visitor asks for, identity that of a stranger.
func (t TokenRules) GrantFor(visitor User, role Role, room, username, identity string, configuration RoomConfiguration) Grant {
	grant := Grant{
		Room: room, Identity: identity, Name: visitor.DisplayName(), Role: role,
		Authenticated: visitor.SignedIn(), Sources: t.DefaultSources, TTL: GrantTTL,
	}
	if visitor.SignedIn() {
		grant.Identity = visitor.Identity()
	}
	if username != "" && (!visitor.SignedIn() || t.MembersMayName) {
		grant.Name = username
	}
	if allowed, restricted := configuration.PublishSources(); restricted && !role.Privileged() {
		grant.Sources = allowed
	}
	grant.Color = Color(grant.Identity)
	return grant
}

// Color is the avatar's colour: the same for an identity everywhere, and
// within the ranges that the web client accepts.
func Color(identity string) string {
	sum := sha256.Sum256([]byte(identity))
	hue := (int(sum[0])<<8 | int(sum[1])) % 361
	return fmt.Sprintf("hsl(%d, %d%%, %d%%)", hue, 50+int(sum[2])%26, 25+int(sum[3])%36)
}
