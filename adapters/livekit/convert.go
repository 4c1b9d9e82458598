package livekit

import (
	"strings"

	"github.com/livekit/protocol/livekit"

	"meet/domain"
)

func participantOf(p *livekit.ParticipantInfo) domain.Participant {
	participant := domain.Participant{
		SID: p.GetSid(), Identity: p.GetIdentity(), Name: p.GetName(),
		JoinedAt:   moment(p.GetJoinedAtMs(), p.GetJoinedAt()),
		Connected:  p.GetState() != livekit.ParticipantInfo_DISCONNECTED,
		Machine:    p.GetKind() == livekit.ParticipantInfo_EGRESS || p.GetKind() == livekit.ParticipantInfo_AGENT,
		Permission: permissionOf(p.GetPermission()),
	}
	rights := participant.Permission
	participant.ByToken = p.GetKind() == livekit.ParticipantInfo_STANDARD && !rights.Recorder && !rights.Agent
	for _, track := range p.GetTracks() {
		if track.GetType() == livekit.TrackType_AUDIO && !track.GetMuted() {
			participant.Audio = append(participant.Audio, track.GetSid())
		}
	}
	return participant
}

func permissionOf(p *livekit.ParticipantPermission) domain.Permission {
	permission := domain.Permission{
		CanSubscribe: p.GetCanSubscribe(), CanPublish: p.GetCanPublish(), CanPublishData: p.GetCanPublishData(),
		Hidden: p.GetHidden(), Recorder: p.GetRecorder(), //nolint:staticcheck // still in force in LiveKit
		CanUpdateMetadata: p.GetCanUpdateMetadata(), Agent: p.GetAgent(), //nolint:staticcheck // as before
		CanSubscribeMetrics: p.GetCanSubscribeMetrics(),
	}
	for _, source := range p.GetCanPublishSources() {
		permission.CanPublishSources = append(permission.CanPublishSources, strings.ToLower(source.String()))
	}
	return permission
}

func permissionFor(p domain.Permission) *livekit.ParticipantPermission {
	permission := &livekit.ParticipantPermission{
		CanSubscribe: p.CanSubscribe, CanPublish: p.CanPublish, CanPublishData: p.CanPublishData,
		Hidden: p.Hidden, Recorder: p.Recorder, //nolint:staticcheck // still in force in LiveKit
		CanUpdateMetadata: p.CanUpdateMetadata, Agent: p.Agent, //nolint:staticcheck // as before
		CanSubscribeMetrics: p.CanSubscribeMetrics,
	}
	for _, source := range p.CanPublishSources {
		permission.CanPublishSources = append(permission.CanPublishSources, livekit.TrackSource(livekit.TrackSource_value[strings.ToUpper(source)]))
	}
	return permission
}

func egressOf(info *livekit.EgressInfo) domain.Egress {
	if info == nil {
		return domain.Egress{}
	}
	status := strings.ToLower(strings.TrimPrefix(info.GetStatus().String(), "EGRESS_"))
	return domain.Egress{ID: info.GetEgressId(), Status: domain.EgressStatus(status)}
}
