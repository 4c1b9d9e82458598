package e2e

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"meet/adapters/logging"
	"meet/test/postgres"
)

// station is a server of somebody who watches ours: it keeps what is sent.
type station struct {
	*httptest.Server
	mu     sync.Mutex
	bodies [][]byte
}

func newStation(t *testing.T) *station {
	t.Helper()
	s := &station{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body io.Reader = r.Body
		if r.Header.Get("Content-Encoding") == "gzip" {
			unpacked, err := gzip.NewReader(r.Body)
			if err != nil {
				t.Error(err)
				return
			}
			body = unpacked
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.bodies = append(s.bodies, text)
		w.WriteHeader(http.StatusOK)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *station) received() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.bodies)
}

// text is what was received as one text.
func (s *station) text() string { return string(bytes.Join(s.received(), []byte("\n"))) }

// spans are those that were received, by name.
func (s *station) spans(t *testing.T) map[string]*trace.Span {
	t.Helper()
	spans := map[string]*trace.Span{}
	for _, body := range s.received() {
		var request collector.ExportTraceServiceRequest
		if err := proto.Unmarshal(body, &request); err != nil {
			t.Fatal(err)
		}
		for _, resource := range request.GetResourceSpans() {
			for _, scope := range resource.GetScopeSpans() {
				for _, span := range scope.GetSpans() {
					spans[span.GetName()] = span
				}
			}
		}
	}
	return spans
}

// scrape is the metrics as Prometheus reads them.
func scrape(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("metrics: %d, %v", response.StatusCode, err)
	}
	return string(text)
}

var metricName = regexp.MustCompile(`\b(meet|go_sql|process|go)_[a-z_]+`)

// drawn checks that what the dashboard and the alerts ask for exists.
func drawn(t *testing.T, shown string) {
	t.Helper()
	suffix := regexp.MustCompile(`_seconds_(bucket|sum|count)$`)
	for _, file := range []string{"alerts.yaml", "meet.json"} {
		text, err := os.ReadFile("../../deploy/helm/meet/files/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range metricName.FindAllString(string(text), -1) {
			if name = suffix.ReplaceAllString(name, "_seconds"); !strings.Contains(shown, "# TYPE "+name+" ") {
				t.Errorf("%s asks for %s, which does not exist", file, name)
			}
		}
	}
}

// log captures the log until the test ends.
func log(t *testing.T) *lines {
	t.Helper()
	before, l := slog.Default(), &lines{}
	slog.SetDefault(slog.New(logging.New(l, logging.Config{JSON: true})))
	t.Cleanup(func() { slog.SetDefault(before) })
	return l
}

type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// TestOperatorsSeeWhatGoesOn lets people meet and looks through every window
// that operators have.
func TestOperatorsSeeWhatGoesOn(t *testing.T) {
	written := log(t)
	traces, errors := newStation(t), newStation(t)
	metrics := free(t, "tcp")
	relay := postgres.NewRelay(t, postgres.URL(t))
	site := newSite(t, map[string]string{
		"DATABASE_URL": relay.URL, "METRICS_ADDR": metrics, "OTEL_EXPORTER_OTLP_ENDPOINT": traces.URL,
		"DJANGO_SENTRY_DSN": strings.Replace(errors.URL, "http://", "http://key@", 1) + "/1", "CREATION_CALLBACK_THROTTLE_RATES": "1/hour",
		"ANALYTICS_BACKEND": "log", "ALLOW_UNSECURE_USER_LISTING": "true",
	})
	owner, room := site.owner("restricted")
	guest := site.client()
	id := knock(guest, room)["id"]
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/enter/", map[string]any{"participant_id": id, "allow_entry": true})
	site.join(knock(guest, room))
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/mute-all/", nil)
	until(t, "events are counted", func() bool { return strings.Contains(scrape(t, metrics), `meet_webhook_events_total{outcome="fresh"}`) })
	shown := scrape(t, metrics)
	for _, line := range []string{
		`meet_build_info{`, `meet_sign_ins_total{outcome="signed_up"} 1`, `meet_tokens_minted_total `, `meet_lobby_knocks_total{status="waiting"} 1`,
		`meet_lobby_decisions_total{status="accepted"} 1`, `meet_lobby_wait_seconds_count 1`, `meet_webhook_lag_seconds_count `,
		`meet_livekit_call_duration_seconds_count{call="ListParticipants",outcome="ok"}`, `meet_outbox_letters 0`, `meet_inbox_events `,
		`go_sql_max_open_connections{db_name="meet"}`, `meet_http_requests_in_flight `, `process_resident_memory_bytes `, `go_goroutines `,
		`meet_http_requests_total{method="POST",route="/api/v1.0/rooms/:key/enter/",status="200"} 1`,
	} {
		if !strings.Contains(shown, line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
	drawn(t, shown)
	owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/?username=Secretive", nil)
	owner.Must(http.StatusOK, http.MethodGet, "/users/?q=secretive@example.com", nil)
	stranger := site.client()
	for range 2 {
		stranger.Do(http.MethodPost, "/rooms/creation-callback/", map[string]any{"callback_id": "x"})
	}
	site.stop() // what is left is sent
	spans := traces.spans(t)
	request, call := spans["POST /api/v1.0/rooms/:key/mute-all/"], spans["LiveKit ListParticipants"]
	if request == nil || call == nil || !bytes.Equal(request.GetTraceId(), call.GetTraceId()) || spans["sql.conn.query"] == nil {
		t.Fatalf("spans %v", slices.Sorted(maps.Keys(spans)))
	}
	for where, text := range map[string]string{"spans": traces.text(), "the log": written.String(), "Sentry": errors.text()} {
		for _, person := range []string{"ecretive", "Zoé"} {
			if strings.Contains(text, person) {
				t.Errorf("%s tells of %s", where, person)
			}
		}
	}
	if begun := written.String(); strings.Index(begun, `"msg":"metrics"`) > strings.Index(begun, `"msg":"listening"`) {
		t.Error("the watchers start after what they watch")
	}
	if !strings.Contains(written.String(), `"trace_id":"`) || !strings.Contains(written.String(), `"request_id":"`) {
		t.Error("the log does not name requests and traces")
	}
	if !strings.Contains(errors.text(), "Rate limit exceeded for scope creation_callback") {
		t.Errorf("Sentry got %s", errors.text())
	}
}
