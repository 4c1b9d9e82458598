package fake

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// LiveKit is a media server that does what it is told and remembers it.
type LiveKit struct {
	mu        sync.Mutex
	Err       error    // what every call answers
	Stubborn  string   // an identity that Remove refuses to remove
	Calls     []string // what was called, with the participant or room
	Published []Published
	Announced []string
	Rules     map[uuid.UUID]string // PINs by room
	meetings  map[string]domain.Meeting
	people    map[string]map[string]domain.Participant
	Changes   []domain.ParticipantChange
	Egresses  map[string]domain.EgressStatus
}

// Published is what the participants of a room were told.
type Published struct {
	Room          uuid.UUID
	Configuration domain.RoomConfiguration
	Level         domain.AccessLevel
}

var (
	_ ports.Meeting      = (*LiveKit)(nil)
	_ ports.Participants = (*LiveKit)(nil)
	_ ports.Agents       = (*LiveKit)(nil)
	_ ports.DialIn       = dialIn{}
)

// NewLiveKit runs no meeting.
func NewLiveKit() *LiveKit {
	return &LiveKit{
		Rules: map[uuid.UUID]string{}, Egresses: map[string]domain.EgressStatus{}, meetings: map[string]domain.Meeting{}, people: map[string]map[string]domain.Participant{},
	}
}

func (l *LiveKit) call(format string, args ...any) (unlock func(), err error) {
	l.mu.Lock()
	l.Calls = append(l.Calls, fmt.Sprintf(format, args...))
	return l.mu.Unlock, l.Err
}

// Join lets somebody into a room, which runs from then on.
func (l *LiveKit) Join(room string, p domain.Participant, now time.Time) domain.Participant {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, runs := l.meetings[room]; !runs {
		l.meetings[room] = domain.Meeting{SID: "RM_" + uuid.NewString(), Room: room, StartedAt: now}
		l.people[room] = map[string]domain.Participant{}
	}
	p.SID, p.JoinedAt, p.Connected = "PA_"+uuid.NewString(), now, true
	l.people[room][p.Identity] = p
	return p
}

// Leave lets somebody go; the room runs on.
func (l *LiveKit) Leave(room, identity string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.people[room], identity)
}

// Close ends a room without a word.
func (l *LiveKit) Close(room string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.meetings, room)
	delete(l.people, room)
}

// Said is the calls so far.
func (l *LiveKit) Said() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.Calls)
}

// Publish implements ports.Meeting.
func (l *LiveKit) Publish(_ context.Context, room uuid.UUID, configuration domain.RoomConfiguration, level domain.AccessLevel) error {
	unlock, err := l.call("publish %s", room)
	defer unlock()
	l.Published = append(l.Published, Published{room, configuration, level})
	return err
}

// ShowRecording implements ports.Meeting.
func (l *LiveKit) ShowRecording(_ context.Context, room uuid.UUID, status string) error {
	unlock, err := l.call("recording %s %q", room, status)
	defer unlock()
	return err
}

// Announce implements ports.Meeting.
func (l *LiveKit) Announce(_ context.Context, room uuid.UUID, notice string) {
	unlock, _ := l.call("announce %s", room)
	defer unlock()
	l.Announced = append(l.Announced, notice)
}

// End implements ports.Meeting.
func (l *LiveKit) End(_ context.Context, room string) error {
	unlock, err := l.call("end %s", room)
	defer unlock()
	if _, runs := l.meetings[room]; !runs && err == nil {
		return domain.ErrMeetingNotRunning
	}
	delete(l.meetings, room)
	delete(l.people, room)
	return err
}

// Running implements ports.Meeting.
func (l *LiveKit) Running(context.Context) ([]domain.Meeting, error) {
	unlock, err := l.call("running")
	defer unlock()
	return slices.Collect(maps.Values(l.meetings)), err
}

func (l *LiveKit) find(room, identity string, err error) (domain.Participant, error) {
	found, there := l.people[room][identity]
	if err == nil && !there {
		err = domain.ErrParticipantNotFound
	}
	return found, err
}

// Find implements ports.Participants.
func (l *LiveKit) Find(_ context.Context, room, identity string) (domain.Participant, error) {
	unlock, err := l.call("find %s", identity)
	defer unlock()
	return l.find(room, identity, err)
}

// List implements ports.Participants.
func (l *LiveKit) List(_ context.Context, room string) ([]domain.Participant, error) {
	unlock, err := l.call("list %s", room)
	defer unlock()
	return slices.Collect(maps.Values(l.people[room])), err
}

// Mute implements ports.Participants.
func (l *LiveKit) Mute(_ context.Context, room, identity, track string) error {
	unlock, err := l.call("mute %s %s", identity, track)
	defer unlock()
	_, err = l.find(room, identity, err)
	return err
}

// Change implements ports.Participants.
func (l *LiveKit) Change(_ context.Context, room, identity string, change domain.ParticipantChange) error {
	unlock, err := l.call("change %s", identity)
	defer unlock()
	l.Changes = append(l.Changes, change)
	_, err = l.find(room, identity, err)
	return err
}

// Remove implements ports.Participants.
func (l *LiveKit) Remove(_ context.Context, room, identity string) error {
	unlock, err := l.call("remove %s", identity)
	defer unlock()
	if identity == l.Stubborn && err == nil {
		return domain.ErrLiveKitRefused
	}
	if _, err = l.find(room, identity, err); err == nil {
		delete(l.people[room], identity)
	}
	return err
}

// Dispatch implements ports.Agents.
func (l *LiveKit) Dispatch(_ context.Context, room uuid.UUID, agent string) error {
	unlock, err := l.call("dispatch %s to %s", agent, room)
	defer unlock()
	return err
}

// Recall implements ports.Agents.
func (l *LiveKit) Recall(_ context.Context, _ uuid.UUID, dispatch string) error {
	unlock, err := l.call("recall %s", dispatch)
	defer unlock()
	return err
}

// Egress implements ports.Egresses.
func (l *LiveKit) Egress(_ context.Context, id string) (domain.Egress, bool, error) {
	unlock, err := l.call("egress %s", id)
	defer unlock()
	status, found := l.Egresses[id]
	return domain.Egress{ID: id, Status: status}, found, err
}

type dialIn struct{ *LiveKit }

// DialIn is the telephone side of it.
func (l *LiveKit) DialIn() ports.DialIn { return dialIn{l} }

// Open implements ports.DialIn.
func (d dialIn) Open(_ context.Context, room uuid.UUID, pin string) (bool, error) {
	unlock, err := d.call("open %s", room)
	defer unlock()
	if _, there := d.Rules[room]; there || err != nil {
		return false, err
	}
	d.Rules[room] = pin
	return true, nil
}

// Close implements ports.DialIn.
func (d dialIn) Close(_ context.Context, room uuid.UUID) error {
	unlock, err := d.call("close %s", room)
	defer unlock()
	if err == nil {
		delete(d.Rules, room)
	}
	return err
}
