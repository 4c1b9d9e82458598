package e2e

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/uuid"

	"meet/adapters/livekit"
	"meet/adapters/sqlstore"
	"meet/domain"
	"meet/test/fake"
	"meet/test/postgres"
)

// TestTelephonyWithoutSIPHoldsNothingUp runs a LiveKit that has no SIP side.
func TestTelephonyWithoutSIPHoldsNothingUp(t *testing.T) {
	url := postgres.URL(t)
	s := newSite(t, map[string]string{"DATABASE_URL": url, "ROOM_TELEPHONY_ENABLED": "true"})
	db, err := sqlstore.Open(sqlstore.Config{PostgresURL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	lines := livekit.NewDialIn(livekit.NewAPI(livekit.Config{URL: s.media.URL, Key: s.media.Key, Secret: s.media.Secret}, fake.NewMeter()))
	if _, err := lines.Open(t.Context(), uuid.New(), "0123456789"); !errors.Is(err, domain.ErrNoTelephony) {
		t.Errorf("open: %v", err)
	}
	if err := lines.Close(t.Context(), uuid.New()); !errors.Is(err, domain.ErrNoTelephony) {
		t.Errorf("close: %v", err)
	}
	config := livekit.Config{URL: s.media.URL, Key: s.media.Key, Secret: s.media.Secret}
	if found := livekit.ExamineTelephony(t.Context(), config); found.Status != domain.Broken || found.Mend == "" {
		t.Errorf("the doctor finds %+v", found)
	}
	owner, room := s.owner("public")
	s.welcome("owner", tokenOf(owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil)), db)
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/end/", nil)
	until(t, "all events are done", func() bool {
		running, err := sqlstore.NewAttendance(db).Runs(t.Context(), room)
		_, events, failed := db.Backlog(t.Context())
		return err == nil && failed == nil && !running && events == 0
	})
}
