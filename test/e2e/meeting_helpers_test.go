package e2e

import (
	"context"
	"maps"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/pion/webrtc/v4"

	livekitTokens "meet/adapters/livekit"
	"meet/domain"
	"meet/test/client"
	media "meet/test/livekit"
)

// site is our server next to a real media server that reports to it.
type site struct {
	t       testing.TB
	address string // http://host:port
	media   *media.Server
	env     map[string]string
	stop    func()
}

// newSite runs both, with the changes to the environment.
func newSite(t testing.TB, changes map[string]string) *site {
	t.Helper()
	env, options := withoutMedia(t.(*testing.T), "sqlite::memory:")
	maps.Copy(env, changes)
	server := media.Start(t, "http://"+env["LISTEN_ADDR"]+"/api/v1.0/rooms/webhooks-livekit/", env["SFU_REDIS_ADDRESS"])
	maps.Copy(env, server.Env())
	address, stop := startApp(t, env, options...)
	return &site{t, "http://" + address, server, env, stop}
}

func (s *site) client() *client.Client { return client.New(s.t, s.address) }

// owner is Alice with a room of the level.
func (s *site) owner(level string) (*client.Client, string) {
	s.t.Helper()
	owner := s.client()
	owner.SignIn("demo-alice")
	id, _ := owner.NewRoom()["id"].(string)
	owner.Must(http.StatusOK, http.MethodPatch, "/rooms/"+id+"/", map[string]any{"access_level": level})
	return owner, id
}

// api is LiveKit's own API.
func (s *site) api() *lksdk.RoomServiceClient {
	return lksdk.NewRoomServiceClient(s.media.URL, s.media.Key, s.media.Secret)
}

// person is somebody in a meeting.
type person struct {
	*lksdk.Room
	t     testing.TB
	token string
	mu    sync.Mutex
	heard []string // data messages
	gone  chan lksdk.DisconnectionReason
}

// join enters with what the API answered.
func (s *site) join(answer map[string]any) *person {
	s.t.Helper()
	media, _ := answer["livekit"].(map[string]any)
	token, _ := media["token"].(string)
	if token == "" {
		s.t.Fatalf("no token in %v", answer)
	}
	p, err := s.enter(token)
	if err != nil {
		s.t.Fatalf("join: %v", err)
	}
	return p
}

func (s *site) enter(token string) (*person, error) {
	p := &person{t: s.t, token: token, gone: make(chan lksdk.DisconnectionReason, 1)}
	callback := &lksdk.RoomCallback{
		OnDisconnectedWithReason: func(reason lksdk.DisconnectionReason) {
			select {
			case p.gone <- reason:
			default:
			}
		},
		ParticipantCallback: lksdk.ParticipantCallback{OnDataReceived: func(data []byte, _ lksdk.DataReceiveParams) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.heard = append(p.heard, string(data))
		}},
	}
	room, err := lksdk.ConnectToRoomWithToken(s.media.URL, token, callback)
	if err != nil {
		return nil, err
	}
	p.Room = room
	s.t.Cleanup(room.Disconnect)
	return p, nil
}

// publish sends a track of silence, and tells its id.
func (p *person) publish() string {
	p.t.Helper()
	track, err := lksdk.NewLocalTrack(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus})
	if err != nil {
		p.t.Fatal(err)
	}
	published, err := p.LocalParticipant.PublishTrack(track, &lksdk.TrackPublicationOptions{Name: "microphone", Source: livekit.TrackSource_MICROPHONE})
	if err != nil {
		p.t.Fatal(err)
	}
	return published.SID()
}

// hears reports whether the message has come.
func (p *person) hears(message string) func() bool {
	return func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, heard := range p.heard {
			if heard == message {
				return true
			}
		}
		return false
	}
}

// putOut waits until the person is out.
func (p *person) putOut(why string) {
	p.t.Helper()
	select {
	case <-p.gone:
	case <-time.After(patience):
		p.t.Fatalf("still in the meeting: %s", why)
	}
}

// until waits for a condition.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(patience)
	for !is() {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("never: %s", what)
		}
	}
}

// there is what LiveKit says of a participant, nil for nobody.
func (s *site) there(room, identity string) *livekit.ParticipantInfo {
	found, err := s.api().GetParticipant(context.Background(), &livekit.RoomParticipantIdentity{Room: room, Identity: identity})
	if err != nil {
		return nil
	}
	return found
}

// tokenFor is what another server at the same media server would sign.
func tokenFor(s *site, grant domain.Grant) (string, error) {
	return livekitTokens.NewTokens(livekitTokens.Config{URL: s.media.URL, Key: s.media.Key, Secret: s.media.Secret}).Sign(grant)
}
