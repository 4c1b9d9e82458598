package doctor

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"meet/adapters/livekit"
	"meet/adapters/sqlstore"
	"meet/domain"
)

const (
	webhooks       = "/api/v1.0/rooms/webhooks-livekit/"
	webhookTimeout = 10 * time.Second
	webhookPoll    = 50 * time.Millisecond
)

// webhook opens a throw-away room and waits for LiveKit's report of it in the
// running server's inbox.
func (s Setup) webhook(ctx context.Context, front *front, seen []domain.Finding) domain.Finding {
	finding := domain.Finding{Check: "livekit.webhook", Status: domain.Unexamined}
	name := "examination-" + strings.ToLower(rand.Text())
	switch {
	case !front.runs:
		finding.Seen = "not tried: the server does not run"
	case !healthy(seen, "livekit.keys"):
		finding.Seen = "not tried: LiveKit does not take our key"
	case !healthy(seen, "database.connection") || s.Database.SQLitePath == ":memory:":
		finding.Seen = "not tried: the server's database is not to be seen"
	case s.RoomFilter != nil && !s.RoomFilter.MatchString(name):
		finding.Seen = "not tried: LIVEKIT_WEBHOOK_EVENTS_FILTER_REGEX does not let a throw-away room pass"
	default:
		return s.trial(ctx, name)
	}
	return finding
}

func healthy(seen []domain.Finding, check string) bool {
	return slices.ContainsFunc(seen, func(f domain.Finding) bool { return f.Check == check && f.Status == domain.Healthy })
}

func (s Setup) trial(ctx context.Context, name string) domain.Finding {
	finding := domain.Finding{Check: "livekit.webhook", Status: domain.Broken}
	ear, err := sqlstore.OpenEar(s.Database)
	if err == nil {
		defer func() { _ = ear.Close() }()
		_, err = ear.Heard(ctx, name, time.Now())
	}
	if err != nil {
		finding.Status, finding.Seen = domain.Unexamined, "not tried: the inbox cannot be read, see database.schema"
		return finding
	}
	trial, err := livekit.StartTrial(ctx, s.LiveKit, name)
	if err != nil {
		finding.Status, finding.Seen = domain.Unexamined, "not tried: LiveKit opens no room"
		return finding
	}
	defer func() { _ = trial.End(ctx) }() // LiveKit closes empty rooms itself
	if heard(ctx, ear, name) {
		finding.Status, finding.Seen = domain.Healthy, "LiveKit's reports arrive"
		return finding
	}
	address := "https://…" + webhooks
	if public := s.public(); public != "" {
		address = public + webhooks
	}
	finding.Seen = "LiveKit opened a room, and the server heard nothing of it within " + webhookTimeout.String()
	finding.Mend = "put " + address + " into webhook.urls of LiveKit's configuration, and the value of LIVEKIT_API_KEY into webhook.api_key"
	if s.Production {
		finding.Mend += "; plain http past the proxy is redirected to https and lost"
	}
	return finding
}

// heard waits until the news is there, or for long enough.
func heard(ctx context.Context, ear *sqlstore.Ear, room string) bool {
	ctx, cancel := context.WithTimeout(ctx, webhookTimeout)
	defer cancel()
	begun := time.Now().Add(-webhookTimeout) // the room was opened just before
	ticker := time.NewTicker(webhookPoll)
	defer ticker.Stop()
	for {
		if arrived, err := ear.Heard(ctx, room, begun); err == nil && arrived {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-ticker.C:
		}
	}
}
