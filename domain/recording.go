package domain

import (
	"slices"

	"github.com/google/uuid"
)

// RecordingStatus is how far a recording has come.
type RecordingStatus string

// The statuses that events of the media server lead from or to.
const (
	RecordingInitiated    RecordingStatus = "initiated"
	RecordingActive       RecordingStatus = "active"
	RecordingStopped      RecordingStatus = "stopped"
	RecordingSaved        RecordingStatus = "saved"
	RecordingAborted      RecordingStatus = "aborted"
	RecordingFailedToStop RecordingStatus = "failed_to_stop"
)

// Recording is a meeting being written to a file by an egress of LiveKit.
type Recording struct {
	ID        uuid.UUID
	RoomID    uuid.UUID
	Status    RecordingStatus
	Mode      string // "screen_recording" or "transcript"
	Collector string // id of the agent's dispatch that collects metadata, "" for none
}

// After is the status once the egress has ended. A recording of which nothing
// more is to come stays as it is; complete says whether the end of the egress
// completes recordings.
func (r Recording) After(egress EgressStatus, complete bool) RecordingStatus {
	running := slices.Contains([]RecordingStatus{RecordingInitiated, RecordingActive, RecordingStopped}, r.Status)
	done := r.Status == RecordingActive || r.Status == RecordingStopped
	switch {
	case !running:
	case egress == EgressAborted:
		return RecordingAborted
	case egress == EgressFailed:
		return RecordingFailedToStop
	case done && complete && (egress == EgressComplete || egress == EgressLimitReached):
		return RecordingSaved
	case r.Status == RecordingActive && egress == EgressLimitReached:
		return RecordingStopped
	}
	return r.Status
}

// LimitNotice is the message that tells people in the room that the recording
// has reached its limit.
func (r Recording) LimitNotice() string {
	if r.Mode == "transcript" {
		return "transcriptionLimitReached"
	}
	return "screenRecordingLimitReached"
}

// ErrRecordingNotFound says that nobody records by that egress.
var ErrRecordingNotFound = &Error{Kind: NotFound, Detail: "No Recording matches the given query."}
