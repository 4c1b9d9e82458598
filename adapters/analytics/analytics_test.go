package analytics_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/adapters/analytics"
	"meet/domain"
)

// endpoint keeps the batches that it is sent.
type endpoint struct {
	*httptest.Server
	mu   sync.Mutex
	raw  string
	path string
	key  string
}

func newEndpoint(t *testing.T) *endpoint {
	t.Helper()
	e := &endpoint{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		e.mu.Lock()
		defer e.mu.Unlock()
		e.raw += string(body)
		e.path = r.URL.Path
		e.key, _, _ = r.BasicAuth()
	}))
	t.Cleanup(e.Close)
	return e
}

func person() domain.User {
	return domain.User{
		Profile: domain.Profile{ID: uuid.New(), Email: "jane.roe@world.example", FullName: "Jane Roe", ShortName: "Janie"},
		Sub:     "subject-of-jane", AdminEmail: "jane@admin.example",
	}
}

func TestOnlyTheSubjectAndTheAnonymisedEmailLeave(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	june, err := analytics.NewJune("write-key", e.URL+"/sdk/batch")
	if err != nil {
		t.Fatal(err)
	}
	queue := analytics.NewQueue(june, 10)
	go queue.Run()
	jane := person()
	queue.Identify(t.Context(), jane)
	queue.Identify(t.Context(), domain.User{})
	queue.Track(t.Context(), jane, domain.Activity{Name: domain.RoomCreated, Properties: map[string]string{"slug": "my-room"}})
	for range 2 {
		queue.Track(t.Context(), domain.User{}, domain.Activity{Name: domain.RoomOpened, Properties: map[string]string{"slug": "my-room"}})
	}
	queue.Close(t.Context())
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, secret := range []string{"jane.roe", "Jane Roe", "Janie", "admin.example", jane.ID.String()} {
		if strings.Contains(e.raw, secret) {
			t.Errorf("%q left: %s", secret, e.raw)
		}
	}
	if e.path != "/sdk/batch" || e.key != "write-key" {
		t.Errorf("sent to %s with key %q", e.path, e.key)
	}
	var sent struct {
		Batch []struct {
			Type, Event, UserID, AnonymousID string
			Traits, Properties               map[string]any
		}
	}
	if err := json.Unmarshal([]byte(e.raw), &sent); err != nil || len(sent.Batch) != 4 {
		t.Fatalf("%d messages, error %v: %s", len(sent.Batch), err, e.raw)
	}
	introduced, created, first, second := sent.Batch[0], sent.Batch[1], sent.Batch[2], sent.Batch[3]
	if introduced.Type != "identify" || introduced.UserID != "subject-of-jane" || len(introduced.Traits) != 1 || introduced.Traits["email"] != "***@world.example" {
		t.Errorf("introduced %+v", introduced)
	}
	if created.Type != "track" || created.Event != "Create Room" || created.UserID != "subject-of-jane" || created.Properties["slug"] != "my-room" {
		t.Errorf("created %+v", created)
	}
	if first.UserID != "" || first.AnonymousID == "" || first.AnonymousID == second.AnonymousID || first.Event != "Get Room" {
		t.Errorf("strangers %+v %+v", first, second)
	}
}

// stuck is a sink that never gets anything done.
type stuck struct{ release chan struct{} }

func (s stuck) Send(analytics.Message) { <-s.release }
func (stuck) Close(context.Context)    {}

func TestAHangingSinkHoldsUpNobody(t *testing.T) {
	t.Parallel()
	sink := stuck{make(chan struct{})}
	queue := analytics.NewQueue(sink, 5)
	go queue.Run()
	for range 100 { // would never end if one of them waited
		queue.Track(t.Context(), person(), domain.Activity{Name: "x"})
	}
	if dropped := queue.Dropped(); dropped < 94 || dropped > 95 {
		t.Errorf("%d messages were dropped", dropped)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	queue.Close(ctx) // returns though the sink does not
	queue.Track(t.Context(), person(), domain.Activity{Name: "too late"})
	close(sink.release)
}

func TestADeadEndpointDoesNotHoldUpTheStop(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	e.Close()
	june, err := analytics.NewJune("write-key", e.URL)
	if err != nil {
		t.Fatal(err)
	}
	queue := analytics.NewQueue(june, 5)
	go queue.Run()
	queue.Identify(t.Context(), person())
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	queue.Close(ctx)
}

func TestAnEndpointMustBeAURL(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "nonsense", "://"} {
		if _, err := analytics.NewJune("k", address); err == nil {
			t.Errorf("%q was taken", address)
		}
	}
}
