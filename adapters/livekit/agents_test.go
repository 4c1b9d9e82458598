package livekit_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	protocol "github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"

	"meet/adapters/livekit"
	"meet/test/fake"
	media "meet/test/livekit"
)

func TestMain(m *testing.M) {
	code := m.Run()
	media.Remove()
	os.Exit(code)
}

// called is a room into which an agent is called.
type called struct {
	t      *testing.T
	server *media.Server
	room   uuid.UUID
	agents *livekit.Agents // as time goes by
	later  *livekit.Agents // when an agent would have joined
	lists  *lksdk.AgentDispatchClient
	people *livekit.Participants
}

func newCalled(t *testing.T) *called {
	t.Helper()
	server, room := media.Start(t, "", ""), uuid.New()
	service := lksdk.NewRoomServiceClient(server.URL, server.Key, server.Secret)
	if _, err := service.CreateRoom(t.Context(), &protocol.CreateRoomRequest{Name: room.String()}); err != nil {
		t.Fatal(err)
	}
	api := livekit.NewAPI(livekit.Config{URL: server.URL, Key: server.Key, Secret: server.Secret}, fake.NewMeter())
	return &called{
		t: t, server: server, room: room, agents: livekit.NewAgents(api, time.Now),
		later:  livekit.NewAgents(api, func() time.Time { return time.Now().Add(time.Minute) }),
		lists:  lksdk.NewAgentDispatchServiceClient(server.URL, server.Key, server.Secret),
		people: livekit.NewParticipants(api),
	}
}

// dispatch calls the agent, and is the dispatches of it then.
func (c *called) dispatch(agents *livekit.Agents) (ids []string) {
	c.t.Helper()
	if err := agents.Dispatch(c.t.Context(), c.room, "subtitles"); err != nil {
		c.t.Fatal(err)
	}
	return c.dispatches("subtitles")
}

func (c *called) dispatches(agent string) (ids []string) {
	c.t.Helper()
	for _, dispatch := range c.list() {
		if dispatch.GetAgentName() == agent {
			ids = append(ids, dispatch.GetId())
		}
	}
	return ids
}

func (c *called) list() []*protocol.AgentDispatch {
	c.t.Helper()
	list, err := c.lists.ListDispatch(c.t.Context(), &protocol.ListAgentDispatchRequest{Room: c.room.String()})
	if err != nil {
		c.t.Fatal(err)
	}
	return list.GetAgentDispatches()
}

// same checks that the one dispatch is still that.
func (c *called) same(why string, id, ids []string) {
	c.t.Helper()
	if len(id) != 1 || len(ids) != 1 || id[0] != ids[0] {
		c.t.Errorf("%s: dispatches %v, before %v", why, ids, id)
	}
}

// replaced checks that another is the one dispatch now.
func (c *called) replaced(why string, id, ids []string) {
	c.t.Helper()
	if len(id) != 1 || len(ids) != 1 || id[0] == ids[0] {
		c.t.Errorf("%s: dispatches %v, before %v", why, ids, id)
	}
}

// joined calls until an agent of the worker has come, and LiveKit knows whose
// it is: it may not know the worker at once.
func (c *called) joined(agent *media.Agent) *lksdk.Room {
	c.t.Helper()
	again := time.NewTicker(10 * time.Second)
	defer again.Stop()
	for range 5 {
		select {
		case room := <-agent.Joined:
			identity := room.LocalParticipant.Identity()
			c.until(identity+" is there", func() bool { return c.there(identity) && c.assigned(identity) })
			return room
		case <-again.C:
			c.dispatch(c.later)
		}
	}
	c.t.Fatal("no agent joins")
	return nil
}

func (c *called) there(identity string) bool {
	found, err := c.people.Find(c.t.Context(), c.room.String(), identity)
	return err == nil && found.Connected
}

func (c *called) assigned(identity string) bool {
	return slices.ContainsFunc(c.list(), func(d *protocol.AgentDispatch) bool {
		return slices.ContainsFunc(d.GetState().GetJobs(), func(job *protocol.Job) bool { return job.GetState().GetParticipantIdentity() == identity })
	})
}

func (c *called) until(what string, is func() bool) {
	c.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(30 * time.Second); !is(); {
		select {
		case <-tick.C:
		case <-deadline:
			c.t.Fatalf("never: %s", what)
		}
	}
}

// TestAnAgentIsCalledAgainAfterItLeft leaves the meeting in both ways: the
// worker lives on, or is gone too.
func TestAnAgentIsCalledAgainAfterItLeft(t *testing.T) {
	c := newCalled(t)
	agent := c.server.Agent("subtitles")
	if _, err := c.lists.CreateDispatch(t.Context(), &protocol.CreateAgentDispatchRequest{Room: c.room.String(), AgentName: "another"}); err != nil {
		t.Fatal(err)
	}
	another := c.dispatches("another")
	c.dispatch(c.agents)
	for _, stops := range []bool{false, true} {
		there := c.joined(agent)
		before := c.dispatches("subtitles")
		c.same("at once", before, c.dispatch(c.agents))
		c.same("while it is there", before, c.dispatch(c.later))
		if stops {
			agent.Stop()
			agent = c.server.Agent("subtitles")
		}
		there.Disconnect()
		c.until("it left", func() bool { return !c.there(there.LocalParticipant.Identity()) })
		c.replaced("gone", before, c.dispatch(c.later))
	}
	c.joined(agent)
	c.same("of another agent", another, c.dispatches("another"))
}

// TestAnAgentThatNobodyCouldSendIsCalledAgain has no worker at first.
func TestAnAgentThatNobodyCouldSendIsCalledAgain(t *testing.T) {
	c := newCalled(t)
	first := c.dispatch(c.agents)
	c.same("on its way", first, c.dispatch(c.agents))
	agent := c.server.Agent("subtitles")
	c.replaced("nobody came", first, c.dispatch(c.later))
	c.joined(agent)
}
