package ports

import (
	"context"

	"github.com/google/uuid"

	"meet/domain"
)

// Meeting acts on a running LiveKit room as a whole. Where an error is not
// named otherwise, methods of this and the following interfaces fail with
// domain.ErrLiveKitRefused, domain.ErrLiveKitKey, domain.ErrLiveKitDown or
// domain.ErrLiveKitSlow.
type Meeting interface {
	// Publish tells the participants the room's configuration and access
	// level through the room's metadata; other keys of it survive. A room
	// that is not running is fine.
	Publish(ctx context.Context, room uuid.UUID, configuration domain.RoomConfiguration, level domain.AccessLevel) error
	// ShowRecording tells the participants through the room's metadata how far
	// its recording has come, "" that it is over. A room that is not running
	// is fine.
	ShowRecording(ctx context.Context, room uuid.UUID, status string) error
	// Announce sends {"type": notice} to all participants in the background.
	// It returns at once and logs what fails; of equal announcements that
	// were not sent yet only one is.
	Announce(ctx context.Context, room uuid.UUID, notice string)
	// End puts everybody out. It fails with domain.ErrMeetingNotRunning.
	End(ctx context.Context, room string) error
	// Running is all meetings that run.
	Running(ctx context.Context) ([]domain.Meeting, error)
}

// Participants acts on the people in a running LiveKit room.
type Participants interface {
	// Find fails with domain.ErrParticipantNotFound.
	Find(ctx context.Context, room, identity string) (domain.Participant, error)
	// List is everybody in the room; a room that does not run has nobody.
	List(ctx context.Context, room string) ([]domain.Participant, error)
	// Mute silences a track. It fails with domain.ErrParticipantNotFound.
	Mute(ctx context.Context, room, identity, track string) error
	// Change alters what it names and nothing else. It fails with
	// domain.ErrParticipantNotFound.
	Change(ctx context.Context, room, identity string, change domain.ParticipantChange) error
	// Remove puts somebody out. It fails with domain.ErrParticipantNotFound.
	Remove(ctx context.Context, room, identity string) error
}

// Agents sends programs into meetings.
type Agents interface {
	// Dispatch asks an agent of that name to join the room, unless one is there
	// or was asked already.
	Dispatch(ctx context.Context, room uuid.UUID, agent string) error
	// Recall ends the dispatch of that id; one that is over is fine.
	Recall(ctx context.Context, room uuid.UUID, dispatch string) error
}

// DialIn lets telephones and meeting-room devices into running meetings. Both
// methods fail with domain.ErrNoTelephony where the media server has none.
type DialIn interface {
	// Open routes callers who know the PIN into the room; created is false
	// when they are routed already.
	Open(ctx context.Context, room uuid.UUID, pin string) (created bool, err error)
	// Close ends that; a room that is not open is fine.
	Close(ctx context.Context, room uuid.UUID) error
}
