package event_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"meet/adapters/memstore"
	"meet/application/event"
	"meet/domain"
)

// egress reports the statuses of one egress and tells what became of the
// recording that it writes.
func (s *stage) egress(kind domain.EventKind, r domain.Recording, statuses ...domain.EgressStatus) domain.Recording {
	s.t.Helper()
	recordings := memstore.Recordings{Store: s.store}
	recordings.Put(s.t.Context(), "EG_1", r)
	for _, status := range statuses {
		body, err := json.Marshal(domain.Event{
			ID: uuid.NewString(), Kind: kind, At: s.world.Now(), Room: r.RoomID.String(), Egress: domain.Egress{ID: "EG_1", Status: status},
		})
		if err == nil {
			err = s.service.Receive(s.t.Context(), "", func() ([]byte, error) { return body, nil })
		}
		if err == nil {
			err = s.service.Drain(s.t.Context())
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
	after, err := recordings.Update(s.t.Context(), "EG_1", s.world.Now(), func(*domain.Recording) {})
	if err != nil {
		s.t.Fatal(err)
	}
	return after
}

func TestHowRecordingsEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before   domain.RecordingStatus
		egress   domain.EgressStatus
		here     domain.RecordingStatus // the end of the egress completes it
		hook     domain.RecordingStatus // a storage hook does
		announce bool
	}{
		{"active", "complete", "saved", "active", false},
		{"active", "limit_reached", "saved", "stopped", true},
		{"stopped", "complete", "saved", "stopped", false},
		{"stopped", "limit_reached", "saved", "stopped", false},
		{"active", "failed", "failed_to_stop", "failed_to_stop", false},
		{"active", "aborted", "aborted", "aborted", false},
		{"active", "starting", "active", "active", false},
		{"active", "ending", "active", "active", false},
		{"initiated", "complete", "initiated", "initiated", false},
		{"failed_to_start", "complete", "failed_to_start", "failed_to_start", false},
		{"failed_to_stop", "limit_reached", "failed_to_stop", "failed_to_stop", false},
		{"saved", "complete", "saved", "saved", false},
		{"saved", "failed", "saved", "saved", false},
	} {
		for mode, notice := range map[string]string{"transcript": "transcriptionLimitReached", "screen_recording": "screenRecordingLimitReached"} {
			for _, here := range []bool{true, false} {
				s := newStage(t, 1, func(r *event.Rules) { r.EgressCompletes = here })
				want := c.hook
				if here {
					want = c.here
				}
				after := s.egress(domain.EgressEnded, domain.Recording{RoomID: uuid.New(), Status: c.before, Mode: mode}, c.egress)
				if after.Status != want || slices.Contains(s.livekit.Announced, notice) != c.announce {
					t.Errorf("%s, egress %s, completes %v: %s, told %v", c.before, c.egress, here, after.Status, s.livekit.Announced)
				}
			}
		}
	}
}

func TestPeopleSeeHowFarTheirRecordingIs(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1)
	recording := domain.Recording{RoomID: uuid.New(), Status: domain.RecordingActive, Mode: "transcript", Collector: "AD_1"}
	s.egress(domain.EgressUpdated, recording, "active", "ending", "aborted", "failed", "limit_reached")
	s.livekit.Err = domain.ErrLiveKitDown // neither stops the recording from ending
	if after := s.egress(domain.EgressEnded, recording, "limit_reached"); after.Status != domain.RecordingStopped {
		t.Errorf("status %s", after.Status)
	}
	said := strings.ReplaceAll(strings.Join(s.livekit.Said(), ", "), recording.RoomID.String(), "R")
	want := `recording R "started", recording R "saving", recording R "aborted", recording R "", announce R, recall AD_1`
	if said != want {
		t.Errorf("got %s", said)
	}
	if other := s.egress(domain.EgressEnded, recording); other.Status != domain.RecordingActive {
		t.Errorf("status %s", other.Status)
	}
}

func TestRecordingsWhoseEndNobodyToldAreEnded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		egress domain.EgressStatus // "" for one that LiveKit does not know
		want   domain.RecordingStatus
	}{{"active", "active"}, {"ending", "active"}, {"complete", "saved"}, {"limit_reached", "saved"}, {"failed", "failed_to_stop"}, {"aborted", "aborted"}, {"", "failed_to_stop"}} {
		s := newStage(t, 1, func(r *event.Rules) { r.EgressCompletes = true })
		if c.egress != "" {
			s.livekit.Egresses["EG_1"] = c.egress
		}
		memstore.Recordings{Store: s.store}.Put(t.Context(), "EG_1", domain.Recording{RoomID: uuid.New(), Status: domain.RecordingActive})
		s.livekit.Err = domain.ErrLiveKitDown // nothing is concluded from silence
		if err := s.service.Reconcile(t.Context()); err == nil {
			t.Error("no error")
		}
		s.livekit.Err = nil
		if err := s.service.Reconcile(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.drain()
		after, err := memstore.Recordings{Store: s.store}.Update(t.Context(), "EG_1", s.world.Now(), func(*domain.Recording) {})
		if after.Status != c.want || err != nil {
			t.Errorf("egress %q: %s, error %v", c.egress, after.Status, err)
		}
	}
}
