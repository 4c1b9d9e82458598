package domain

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Action is what somebody did.
type Action string

// The actions that are written down.
const (
	RoomAdded           Action = "room_created"
	RoomChanged         Action = "room_updated"
	RoomRemoved         Action = "room_deleted"
	AccessGranted       Action = "access_granted"
	AccessChanged       Action = "access_changed"
	AccessRevoked       Action = "access_revoked"
	RoleAssigned        Action = "role_changed_in_meeting"
	KnockAnswered       Action = "knock_answered"
	EverybodyMuted      Action = "everybody_muted"
	ParticipantRemoved  Action = "participant_removed"
	ParticipantPutOut   Action = "unwanted_participant_put_out"
	ParticipantReturned Action = "participant_readmitted"
	MeetingEnded        Action = "meeting_ended"
	PeopleInvited       Action = "people_invited"
	DeviceJoined        Action = "device_joined"
	RecordForgotten     Action = "record_forgotten" // the record itself: its beginning, up to a number
)

// Origin is where a request came from.
type Origin struct {
	Address   string // of the client, behind trusted proxies; "" for the server itself
	RequestID string
}

// Deed is what somebody did to a room or to an access on it. It holds no
// e-mail address and no secret.
type Deed struct {
	ID      uuid.UUID
	At      time.Time
	Actor   uuid.UUID // uuid.Nil for a device, or the server itself
	Action  Action
	Room    uuid.UUID         // uuid.Nil for a room that is not registered
	Subject string            // to whom: a user's id, or what SubjectOf makes of others; "" for nobody
	Details map[string]string // such as the role; nil for none
	Origin
}

// Seal is a link of the chain that shows whether deeds were altered: its
// digest covers the deed and the digest before.
type Seal struct {
	Number   int64  // from 1
	Digest   string // SHA-256, hexadecimal; "" before the first
	Previous string // the digest before
}

// SealedDeed is a deed with its seal.
type SealedDeed struct {
	Deed
	Seal
}

// SubjectOf names somebody in a meeting without telling who that is: an
// account by its id, a browser by the id it was given, and anybody else, such
// as a telephone, by a digest.
func SubjectOf(account User, identity string) string {
	if account.SignedIn() {
		return account.ID.String()
	}
	if id, err := uuid.Parse(Whose(identity)); err == nil {
		return id.String()
	}
	sum := sha256.Sum256([]byte(identity))
	return "sha256:" + hex.EncodeToString(sum[:16])
}

// Seal is the link that follows previous and holds the deed.
func (d Deed) Seal(previous Seal) Seal {
	seal := Seal{Number: previous.Number + 1, Previous: previous.Digest}
	sum := sha256.New()
	write(sum, previous.Digest, d.ID.String(), d.At.UTC().Format(time.RFC3339Nano), d.Actor.String(), string(d.Action),
		d.Room.String(), d.Subject, d.Address, d.RequestID)
	for _, key := range slices.Sorted(maps.Keys(d.Details)) {
		write(sum, key, d.Details[key])
	}
	seal.Digest = hex.EncodeToString(sum.Sum(nil))
	return seal
}

// write adds texts so that no two lists of texts look alike.
func write(sum hash.Hash, texts ...string) {
	for _, text := range texts {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(text)))
		sum.Write(length[:])
		sum.Write([]byte(text))
	}
}
