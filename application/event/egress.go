package event

import (
	"context"
	"errors"
	"slices"
	"time"

	"meet/domain"
)

// shown is what clients read in the room's metadata while an egress runs.
var shown = map[domain.EgressStatus]string{
	domain.EgressActive: "started", domain.EgressEnding: "saving", domain.EgressAborted: "aborted",
}

// recording tells the people in the room how far their recording has come.
func (s *Service) recording(ctx context.Context, egress domain.Egress) error {
	status, known := shown[egress.Status]
	if !known {
		return nil
	}
	recording, err := s.Recordings.Update(ctx, egress.ID, s.world.Now(), func(*domain.Recording) {})
	if err != nil {
		return s.unknown(ctx, egress, err)
	}
	s.show(ctx, recording, status)
	return nil
}

// recorded ends the recording, and tells the people in the room when that was
// because of its limit.
func (s *Service) recorded(ctx context.Context, egress domain.Egress) error {
	var limited bool
	recording, err := s.Recordings.Update(ctx, egress.ID, s.world.Now(), func(r *domain.Recording) {
		limited = r.Status == domain.RecordingActive && egress.Status == domain.EgressLimitReached
		r.Status = r.After(egress.Status, s.rules.EgressCompletes)
	})
	if err != nil {
		return s.unknown(ctx, egress, err)
	}
	s.show(ctx, recording, "")
	if limited {
		s.Meeting.Announce(ctx, recording.RoomID, recording.LimitNotice())
	}
	if recording.Collector != "" {
		if err := s.Agents.Recall(ctx, recording.RoomID, recording.Collector); err != nil {
			s.world.Warn(ctx, "the collector of metadata was not recalled", "recording", recording.ID, "error", err)
		}
	}
	return nil
}

// recordings ends those of which the egress is over, or is not known any more,
// and nobody told.
func (s *Service) recordings(ctx context.Context, at time.Time) error {
	statuses := []domain.RecordingStatus{domain.RecordingActive}
	if s.rules.EgressCompletes {
		statuses = append(statuses, domain.RecordingStopped)
	}
	running, err := s.Recordings.Running(ctx, at, statuses...)
	var failed []error
	for _, id := range running {
		egress, found, err := s.Egresses.Egress(ctx, id)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if !found {
			egress = domain.Egress{ID: id, Status: domain.EgressFailed}
		}
		if !slices.Contains(over, egress.Status) {
			continue
		}
		end := domain.Event{ID: "unseen end of " + id, Kind: domain.EgressEnded, At: at, Egress: egress}
		failed = append(failed, s.find(ctx, end))
	}
	return errors.Join(err, errors.Join(failed...))
}

// over is the statuses after which nothing more comes.
var over = []domain.EgressStatus{domain.EgressComplete, domain.EgressFailed, domain.EgressAborted, domain.EgressLimitReached}

// unknown lets an egress pass that is not one of our recordings.
func (s *Service) unknown(ctx context.Context, egress domain.Egress, err error) error {
	if errors.Is(err, domain.ErrRecordingNotFound) {
		s.world.Warn(ctx, "an egress that records nothing of ours", "egress", egress.ID)
		return nil
	}
	return err
}

// show is worth a try: the room may be over.
func (s *Service) show(ctx context.Context, recording domain.Recording, status string) {
	if err := s.Meeting.ShowRecording(ctx, recording.RoomID, status); err != nil {
		s.world.Warn(ctx, "the state of a recording is not shown in its room", "recording", recording.ID, "error", err)
	}
}
