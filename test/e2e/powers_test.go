package e2e

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/livekit/protocol/livekit"
	"github.com/twitchtv/twirp"

	"meet/test/client"
)

// powers is everything that LiveKit's own API does about a room and the
// people in it, tried with a participant's token.
func (s *site) powers(token, room, victim string) map[string]error {
	s.t.Helper()
	ctx, err := twirp.WithHTTPRequestHeaders(context.Background(), http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		s.t.Fatal(err)
	}
	rooms := livekit.NewRoomServiceProtobufClient(s.media.URL, http.DefaultClient)
	agents := livekit.NewAgentDispatchServiceProtobufClient(s.media.URL, http.DefaultClient)
	failed := map[string]error{}
	try := func(name string, err error) { failed[name] = err }
	_, err = rooms.ListRooms(ctx, &livekit.ListRoomsRequest{})
	try("list rooms", err)
	_, err = rooms.ListParticipants(ctx, &livekit.ListParticipantsRequest{Room: room})
	try("list people", err)
	_, err = rooms.GetParticipant(ctx, &livekit.RoomParticipantIdentity{Room: room, Identity: victim})
	try("look at somebody", err)
	hidden := &livekit.ParticipantPermission{Hidden: true, CanPublish: true, CanSubscribe: true}
	_, err = rooms.UpdateParticipant(ctx, &livekit.UpdateParticipantRequest{Room: room, Identity: victim, Permission: hidden})
	try("hide", err)
	_, err = rooms.MutePublishedTrack(ctx, &livekit.MuteRoomTrackRequest{Room: room, Identity: victim, TrackSid: "TR_x", Muted: true})
	try("mute", err)
	_, err = rooms.UpdateSubscriptions(ctx, &livekit.UpdateSubscriptionsRequest{Room: room, Identity: victim})
	try("subscribe", err)
	_, err = rooms.SendData(ctx, &livekit.SendDataRequest{Room: room, Data: []byte("{}")})
	try("send data", err)
	_, err = rooms.UpdateRoomMetadata(ctx, &livekit.UpdateRoomMetadataRequest{Room: room, Metadata: "{}"})
	try("change the metadata", err)
	_, err = rooms.CreateRoom(ctx, &livekit.CreateRoomRequest{Name: "mine"})
	try("create a room", err)
	_, err = agents.CreateDispatch(ctx, &livekit.CreateAgentDispatchRequest{Room: room, AgentName: "mine"})
	try("send an agent", err)
	_, err = rooms.RemoveParticipant(ctx, &livekit.RoomParticipantIdentity{Room: room, Identity: victim})
	try("remove", err)
	_, err = rooms.DeleteRoom(ctx, &livekit.DeleteRoomRequest{Room: room})
	try("end", err)
	return failed
}

// powerless checks that LiveKit refuses the token all of them.
func (s *site) powerless(who, token, room, victim string) {
	s.t.Helper()
	for name, err := range s.powers(token, room, victim) {
		answer, is := errors.AsType[twirp.Error](err)
		if !is || answer.Code() != twirp.PermissionDenied && answer.Code() != twirp.Unauthenticated {
			s.t.Errorf("%s, %s: %v", who, name, err)
		}
	}
}

// TestNobodyModeratesThroughLiveKitItself uses tokens of all roles on
// LiveKit's own API: before and after a demotion, and after a removal.
func TestNobodyModeratesThroughLiveKitItself(t *testing.T) {
	s := newSite(t, nil)
	owner, room := s.owner("public")
	alice := s.join(owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
	bob := s.client()
	bob.SignIn("demo-bob")
	role := func(c *client.Client, role string) {
		t.Helper()
		c.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/update-participant-role/", map[string]any{"participant_identity": "demo-bob", "role": role})
	}
	member := s.join(bob.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
	guest := s.join(s.client().Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
	victim := guest.LocalParticipant.Identity()
	role(owner, "administrator")
	asAdministrator, _ := bob.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil)["livekit"].(map[string]any)
	promoted, _ := asAdministrator["token"].(string)
	for who, token := range map[string]string{"owner": alice.token, "guest": guest.token, "member": member.token, "administrator": promoted} {
		s.powerless(who, token, room, victim)
	}
	role(owner, "member")
	s.powerless("demoted", promoted, room, victim)
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/remove-participant/", map[string]any{"participant_identity": "demo-bob"})
	member.putOut("removed")
	s.powerless("removed", promoted, room, victim)
	if found := s.there(room, victim); found == nil || found.GetPermission().GetHidden() {
		t.Errorf("the guest is %v", found)
	}
}
