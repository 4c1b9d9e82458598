package livekit

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/google/uuid"
	"github.com/livekit/protocol/livekit"

	"meet/domain"
	"meet/ports"
)

// Meeting implements ports.Meeting. Run sends what was announced.
type Meeting struct {
	api       *API
	announced *announcements
}

var _ ports.Meeting = (*Meeting)(nil)

// NewMeeting acts through the server's API.
func NewMeeting(api *API) *Meeting {
	return &Meeting{api, newAnnouncements()}
}

// Publish implements ports.Meeting.
func (m *Meeting) Publish(ctx context.Context, room uuid.UUID, configuration domain.RoomConfiguration, level domain.AccessLevel) error {
	if configuration == nil {
		configuration = domain.RoomConfiguration{}
	}
	return m.amend(ctx, room.String(), map[string]any{"configuration": configuration, "access_level": level})
}

// ShowRecording implements ports.Meeting.
func (m *Meeting) ShowRecording(ctx context.Context, room uuid.UUID, status string) error {
	if status == "" {
		return m.amend(ctx, room.String(), map[string]any{"recording_mode": nil, "recording_status": nil})
	}
	return m.amend(ctx, room.String(), map[string]any{"recording_status": status})
}

// amend changes keys of the room's metadata, nil removes one; the others
// survive.
func (m *Meeting) amend(ctx context.Context, room string, changes map[string]any) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	running, err := m.api.rooms.ListRooms(ctx, &livekit.ListRoomsRequest{Names: []string{room}})
	if err != nil {
		return failure("list LiveKit rooms", err, nil)
	}
	if len(running.GetRooms()) == 0 {
		return nil
	}
	metadata := map[string]any{}
	if err := json.Unmarshal([]byte(running.GetRooms()[0].GetMetadata()), &metadata); err != nil || metadata == nil {
		metadata = map[string]any{} // empty, or not an object: nothing to keep
	}
	maps.Copy(metadata, changes)
	maps.DeleteFunc(metadata, func(key string, value any) bool {
		_, changed := changes[key]
		return changed && value == nil
	})
	text, err := json.Marshal(metadata)
	if err != nil {
		return fmt.Errorf("room metadata: %w", err)
	}
	_, err = m.api.rooms.UpdateRoomMetadata(ctx, &livekit.UpdateRoomMetadataRequest{Room: room, Metadata: string(text)})
	if missing(err) {
		return nil // it ended meanwhile
	}
	return failure("update LiveKit room metadata", err, nil)
}

// End implements ports.Meeting.
func (m *Meeting) End(ctx context.Context, room string) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	running, err := m.api.rooms.ListRooms(ctx, &livekit.ListRoomsRequest{Names: []string{room}})
	if err != nil {
		return failure("list LiveKit rooms", err, nil)
	}
	if len(running.GetRooms()) == 0 { // deleting it would be fine with LiveKit
		return domain.ErrMeetingNotRunning
	}
	_, err = m.api.rooms.DeleteRoom(ctx, &livekit.DeleteRoomRequest{Room: room})
	return failure("delete LiveKit room", err, domain.ErrMeetingNotRunning)
}

// Running implements ports.Meeting.
func (m *Meeting) Running(ctx context.Context) ([]domain.Meeting, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	running, err := m.api.rooms.ListRooms(ctx, &livekit.ListRoomsRequest{})
	if err != nil {
		return nil, failure("list LiveKit rooms", err, nil)
	}
	meetings := make([]domain.Meeting, 0, len(running.GetRooms()))
	for _, room := range running.GetRooms() {
		meetings = append(meetings, meetingOf(room))
	}
	return meetings, nil
}

func meetingOf(room *livekit.Room) domain.Meeting {
	return domain.Meeting{SID: room.GetSid(), Room: room.GetName(), StartedAt: moment(room.GetCreationTimeMs(), room.GetCreationTime())}
}

// moment is the time in milliseconds, or in seconds where those are missing.
func moment(milliseconds, seconds int64) time.Time {
	if milliseconds != 0 {
		return time.UnixMilli(milliseconds).UTC()
	}
	return time.Unix(seconds, 0).UTC()
}
