package domain

import (
	"time"

	"github.com/google/uuid"
)

// Letter is an e-mail that waits to be sent. Addresses and content never
// reach the log.
type Letter struct {
	ID        uuid.UUID
	Language  string // code such as "fr-fr"
	To        string // e-mail
	Sender    string // e-mail of who invites, "" when unknown
	SenderID  uuid.UUID
	Slug      string // of the room
	CreatedAt time.Time
	Attempts  int // how often sending failed
}

// LetterTTL is for how long sending is tried: then the meeting is over.
const LetterTTL = 24 * time.Hour

// ErrLetterRefused says that a letter will never be accepted.
var ErrLetterRefused = &Error{Kind: Refused, Detail: "The mail server refuses the letter."}
