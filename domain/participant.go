package domain

import "time"

// Participant is somebody in a running LiveKit room.
type Participant struct {
	SID        string // of this connection
	Identity   string
	Name       string
	JoinedAt   time.Time
	Connected  bool // LiveKit's state is not DISCONNECTED
	Machine    bool // a recorder or an agent, nobody who attends
	ByToken    bool // came with a person's token, unlike machines, telephones and streams
	Permission Permission
	Audio      []string // ids of the published, unmuted audio tracks
}

// Permission is what LiveKit lets a participant do.
// See https://docs.livekit.io/home/server/managing-participants/.
type Permission struct {
	CanSubscribe        bool
	CanPublish          bool
	CanPublishData      bool
	Hidden              bool
	Recorder            bool
	CanUpdateMetadata   bool
	Agent               bool
	CanSubscribeMetrics bool
	CanPublishSources   []string // all when empty
}

// PermissionChange is a partial Permission; nil leaves things as they are.
type PermissionChange struct {
	CanSubscribe        *bool
	CanPublish          *bool
	CanPublishData      *bool
	Hidden              *bool
	Recorder            *bool
	CanUpdateMetadata   *bool
	Agent               *bool
	CanSubscribeMetrics *bool
	CanPublishSources   []string // nil leaves things as they are
}

// Apply is the permission with the changes made to it.
func (c PermissionChange) Apply(p Permission) Permission {
	for _, field := range []struct {
		to   *bool
		from *bool
	}{
		{&p.CanSubscribe, c.CanSubscribe}, {&p.CanPublish, c.CanPublish}, {&p.CanPublishData, c.CanPublishData},
		{&p.Hidden, c.Hidden}, {&p.Recorder, c.Recorder}, {&p.CanUpdateMetadata, c.CanUpdateMetadata},
		{&p.Agent, c.Agent}, {&p.CanSubscribeMetrics, c.CanSubscribeMetrics},
	} {
		if field.from != nil {
			*field.to = *field.from
		}
	}
	if c.CanPublishSources != nil {
		p.CanPublishSources = c.CanPublishSources
		if len(c.CanPublishSources) == 0 && c.CanPublish == nil {
			p.CanPublish = false // LiveKit reads an empty list as all sources
		}
	}
	return p
}

// ParticipantChange is what changes of a participant; nil and "" leave things
// as they are. An attribute set to "" is deleted.
type ParticipantChange struct {
	Name       string
	Metadata   *string
	Attributes map[string]string
	Permission *PermissionChange
}

// Pass is a verified LiveKit access token.
type Pass struct {
	Identity string
	Room     string // LiveKit room name
}

// The failures of acting on a meeting.
var (
	ErrParticipantNotFound = &Error{Kind: NotFound, Detail: "Participant not found"}
	ErrMeetingNotRunning   = &Error{Kind: NotFound, Detail: "The meeting is not running"}
	ErrCallerAbsent        = &Error{Kind: Forbidden, Detail: "Could not verify caller presence"}
	ErrOwnRole             = &Error{Kind: Forbidden, Detail: "You cannot change your own role."}
	ErrNotInMeeting        = &Error{Kind: NotFound, Detail: "Participant is not connected to this meeting."}
	ErrNoAccount           = &Error{Kind: NotFound, Detail: "This participant has no user account and cannot be assigned a role."}
	ErrOwnerStays          = &Error{Kind: Forbidden, Detail: "Room owners cannot be demoted."}
	ErrNotConnected        = &Error{Kind: Forbidden, Detail: "You must be connected to the meeting to perform this action."}
	ErrLiveKitRefused      = &Error{Kind: Refused, Detail: "The media server refused."}
	ErrLiveKitKey          = &Error{Kind: Upstream, Detail: "The media server does not take this server's key."}
	ErrNoTelephony         = &Error{Kind: Refused, Detail: "The media server has no telephony."}
	ErrLiveKitDown         = &Error{Kind: Upstream, Detail: "The media server cannot be reached."}
	ErrLiveKitSlow         = &Error{Kind: Timeout, Detail: "The media server did not answer in time."}
)
