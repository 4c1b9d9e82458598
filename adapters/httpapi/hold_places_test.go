package httpapi

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"meet/test/fake"
)

// TestAKnockForWhichThereIsNoPlaceIsRefusedLikeOthers fills all places of the
// knocks that are served at a time.
func TestAKnockForWhichThereIsNoPlaceIsRefusedLikeOthers(t *testing.T) {
	t.Parallel()
	const origin = "https://front.example"
	s, err := New(Uses{World: fake.NewWorld().Surroundings(), Meter: fake.NewMeter()}, Config{AllowedHosts: []string{"testserver"}, CORSOrigins: []string{origin}})
	if err != nil {
		t.Fatal(err)
	}
	for range maxAsides {
		s.asides <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // nobody waits for a place any longer
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "http://testserver"+API+"/rooms/x/request-entry/", strings.NewReader(`{"username":"Ann"}`))
	for name, value := range map[string]string{"Content-Type": mimeJSON, "Prefer": "wait=20", "Origin": origin} {
		request.Header.Set(name, value)
	}
	got := httptest.NewRecorder()
	s.ServeHTTP(got, request)
	if want := `{"detail":"Too many people are waiting. Please try again later."}`; got.Code != http.StatusServiceUnavailable || got.Body.String() != want {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	for header, want := range map[string]string{
		"Cache-Control": "no-store", "Access-Control-Allow-Origin": origin, "X-Content-Type-Options": "nosniff", "Content-Type": mimeJSON, "Retry-After": "5",
	} {
		if has := got.Header().Get(header); has != want {
			t.Errorf("%s is %q, want %q", header, has, want)
		}
	}
}
