package event_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/adapters/memstore"
	"meet/application/event"
	"meet/domain"
	"meet/test/fake"
)

// reporter reads events that nobody signed.
type reporter struct{}

func (reporter) Event(_ string, body func() ([]byte, error)) (e domain.Event, err error) {
	content, err := body()
	if err != nil {
		return e, err
	}
	return e, json.Unmarshal(content, &e)
}

// stage is a media server whose reports get lost on the way.
type stage struct {
	t       *testing.T
	world   *fake.World
	livekit *fake.LiveKit
	store   *memstore.Store
	service *event.Service
	random  *rand.Rand
	mail    []domain.Event // on its way
	rooms   map[string]domain.Meeting
	people  map[string]map[string]domain.Participant
}

func newStage(t *testing.T, seed uint64, changes ...func(*event.Rules)) *stage {
	t.Helper()
	s := &stage{
		t: t, world: fake.NewWorld(), livekit: fake.NewLiveKit(), store: memstore.New(), random: rand.New(rand.NewPCG(seed, 1)),
		rooms: map[string]domain.Meeting{}, people: map[string]map[string]domain.Participant{},
	}
	rules := event.Rules{TestPrefix: "connection-test"}
	for _, change := range changes {
		change(&rules)
	}
	s.service = event.New(event.Stores{
		Inbox: memstore.Inbox{Store: s.store}, Attendance: memstore.Attendance{Store: s.store}, Leases: memstore.Leases{Store: s.store},
		Rooms: memstore.Rooms{Store: s.store}, Entries: memstore.NewLobby(s.world.Now), Bans: memstore.Bans{Store: s.store},
		Accounts: memstore.Users{Store: s.store}, Recordings: memstore.Recordings{Store: s.store}, Revocations: memstore.Revocations{Store: s.store},
	}, event.LiveKit{Webhooks: reporter{}, Meeting: s.livekit, People: s.livekit, DialIn: s.livekit.DialIn(), Agents: s.livekit, Egresses: s.livekit},
		s.world.Surroundings(), rules)
	return s
}

func (s *stage) report(kind domain.EventKind, meeting domain.Meeting, p domain.Participant) {
	s.mail = append(s.mail, domain.Event{
		ID: uuid.NewString(), Kind: kind, At: s.world.Now().Truncate(time.Second), Room: meeting.Room, Meeting: meeting, Participant: p,
	})
}

// act lets something happen in the media server.
func (s *stage) act() {
	s.world.Forward(time.Duration(s.random.IntN(3000)) * time.Millisecond)
	room, who := fmt.Sprintf("room-%d", s.random.IntN(3)), fmt.Sprintf("person-%d", s.random.IntN(4))
	meeting, runs := s.rooms[room]
	p, there := s.people[room][who]
	switch {
	case !there:
		p = s.livekit.Join(room, domain.Participant{Identity: who}, s.world.Now())
		if !runs {
			running, _ := s.livekit.Running(s.t.Context())
			meeting = running[slices.IndexFunc(running, func(m domain.Meeting) bool { return m.Room == room })]
			s.rooms[room], s.people[room] = meeting, map[string]domain.Participant{}
			s.report(domain.RoomStarted, meeting, domain.Participant{})
		}
		s.people[room][who] = p
		s.report(domain.ParticipantJoined, meeting, p)
	case s.random.IntN(4) == 0:
		for _, p := range s.people[room] {
			s.report(domain.ParticipantLeft, meeting, p)
		}
		s.livekit.Close(room)
		delete(s.rooms, room)
		delete(s.people, room)
		s.report(domain.RoomFinished, meeting, domain.Participant{})
	default:
		s.livekit.Leave(room, who)
		delete(s.people[room], who)
		s.report(domain.ParticipantLeft, meeting, p)
	}
}

// deliver loses, doubles and mixes up the reports, 30 of 100 each.
func (s *stage) deliver() {
	var sent []domain.Event
	for _, e := range s.mail {
		if s.random.IntN(100) < 30 {
			continue
		}
		sent = append(sent, e)
		if s.random.IntN(100) < 30 {
			sent = append(sent, e)
		}
	}
	for i := range sent {
		if s.random.IntN(100) < 30 {
			j := s.random.IntN(len(sent))
			sent[i], sent[j] = sent[j], sent[i]
		}
	}
	s.mail = nil
	for _, e := range sent {
		body, err := json.Marshal(e)
		if err == nil {
			err = s.service.Receive(s.t.Context(), "", func() ([]byte, error) { return body, nil })
		}
		if err == nil && s.random.IntN(4) == 0 {
			err = s.service.Drain(s.t.Context())
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// check compares what is known with what is there.
func (s *stage) check() {
	s.t.Helper()
	var want, got []string
	for room, meeting := range s.rooms {
		want = append(want, meeting.SID)
		for _, p := range s.people[room] {
			want = append(want, p.SID+" at "+meeting.SID)
		}
	}
	meetings, presences, err := memstore.Attendance{Store: s.store}.Open(s.t.Context(), s.world.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, m := range meetings {
		got = append(got, m.SID)
	}
	for _, p := range presences {
		got = append(got, p.SID+" at "+p.Meeting)
	}
	slices.SortFunc(want, cmp.Compare)
	slices.SortFunc(got, cmp.Compare)
	if !slices.Equal(want, got) {
		s.t.Errorf("known are\n%v\nthere are\n%v", got, want)
	}
}

func TestAfterOneCycleWeKnowWhatIsThereWhateverWasLost(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		s := newStage(t, seed)
		for range 3 {
			for range 30 {
				s.act()
			}
			s.deliver()
			if err := s.service.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := s.service.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := s.service.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.check()
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
