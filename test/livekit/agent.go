package livekit

import (
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/livekit/protocol/auth"
	"github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"
	"google.golang.org/protobuf/proto"
)

// Agent is a worker that takes every job of its name and joins the room.
type Agent struct {
	Joined chan *lksdk.Room // one for each job
	t      testing.TB
	server *Server
	conn   *websocket.Conn
}

// Agent connects a worker and waits until the server knows it.
func (s *Server) Agent(name string) *Agent {
	s.t.Helper()
	token, err := auth.NewAccessToken(s.Key, s.Secret).SetVideoGrant(&auth.VideoGrant{Agent: true}).SetValidFor(time.Hour).ToJWT()
	if err != nil {
		s.t.Fatal(err)
	}
	address := strings.Replace(s.URL, "http", "ws", 1) + "/agent"
	conn, response, err := websocket.DefaultDialer.DialContext(s.t.Context(), address, map[string][]string{"Authorization": {"Bearer " + token}})
	if err != nil {
		s.t.Fatalf("connect a worker: %v", err)
	}
	_ = response.Body.Close()
	a := &Agent{Joined: make(chan *lksdk.Room, 10), t: s.t, server: s, conn: conn}
	s.t.Cleanup(a.Stop)
	a.say(&livekit.WorkerMessage{Message: &livekit.WorkerMessage_Register{
		Register: &livekit.RegisterWorkerRequest{Type: livekit.JobType_JT_ROOM, AgentName: name, Version: "test"},
	}})
	if message, err := a.hear(); err != nil || message.GetRegister() == nil {
		s.t.Fatalf("register a worker: %v, error %v", message, err)
	}
	go a.work()
	return a
}

// Stop ends the worker without a word.
func (a *Agent) Stop() { _ = a.conn.Close() }

func (a *Agent) say(message *livekit.WorkerMessage) {
	content, err := proto.Marshal(message)
	if err == nil {
		err = a.conn.WriteMessage(websocket.BinaryMessage, content)
	}
	if err != nil {
		a.t.Errorf("worker: %v", err)
	}
}

func (a *Agent) hear() (*livekit.ServerMessage, error) {
	_, content, err := a.conn.ReadMessage()
	if err != nil {
		return nil, err
	}
	message := &livekit.ServerMessage{}
	return message, proto.Unmarshal(content, message)
}

func (a *Agent) work() {
	for {
		message, err := a.hear()
		if err != nil {
			return
		}
		if offer := message.GetAvailability(); offer != nil {
			id := offer.GetJob().GetId()
			a.say(&livekit.WorkerMessage{Message: &livekit.WorkerMessage_Availability{
				Availability: &livekit.AvailabilityResponse{JobId: id, Available: true, ParticipantIdentity: "agent-" + id, ParticipantName: "agent"},
			}})
		}
		if job := message.GetAssignment(); job != nil {
			a.say(&livekit.WorkerMessage{Message: &livekit.WorkerMessage_UpdateJob{
				UpdateJob: &livekit.UpdateJobStatus{JobId: job.GetJob().GetId(), Status: livekit.JobStatus_JS_RUNNING},
			}})
			room, err := lksdk.ConnectToRoomWithToken(a.server.URL, job.GetToken(), &lksdk.RoomCallback{})
			if err != nil {
				a.t.Errorf("an agent joins: %v", err)
				return
			}
			a.t.Cleanup(room.Disconnect)
			a.Joined <- room
		}
	}
}
