package livekit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/twitchtv/twirp"

	"meet/domain"
	"meet/ports"
)

// Meeting implements ports.Meeting.
type Meeting struct{ rooms *lksdk.RoomServiceClient }

var _ ports.Meeting = (*Meeting)(nil)

// NewMeeting acts through the server's API.
func NewMeeting(config Config) *Meeting {
	return &Meeting{lksdk.NewRoomServiceClient(strings.TrimSuffix(config.URL, "/"), config.Key, config.Secret)}
}

const callTimeout = 10 * time.Second

// Publish implements ports.Meeting.
func (m *Meeting) Publish(ctx context.Context, room uuid.UUID, configuration domain.RoomConfiguration, level domain.AccessLevel) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	name := room.String()
	running, err := m.rooms.ListRooms(ctx, &livekit.ListRoomsRequest{Names: []string{name}})
	if err != nil {
		return fmt.Errorf("list LiveKit rooms: %w", err)
	}
	if len(running.GetRooms()) == 0 {
		return nil
	}
	metadata := map[string]any{}
	if err := json.Unmarshal([]byte(running.GetRooms()[0].GetMetadata()), &metadata); err != nil || metadata == nil {
		metadata = map[string]any{} // empty, or not an object: nothing to keep
	}
	if configuration == nil {
		configuration = domain.RoomConfiguration{}
	}
	metadata["configuration"], metadata["access_level"] = configuration, level
	text, err := json.Marshal(metadata)
	if err != nil {
		return fmt.Errorf("room metadata: %w", err)
	}
	_, err = m.rooms.UpdateRoomMetadata(ctx, &livekit.UpdateRoomMetadataRequest{Room: name, Metadata: string(text)})
	if answer, ok := errors.AsType[twirp.Error](err); ok && answer.Code() == twirp.NotFound {
		return nil // it ended meanwhile
	}
	if err != nil {
		return fmt.Errorf("update LiveKit room metadata: %w", err)
	}
	return nil
}
