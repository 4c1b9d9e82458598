package httpapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestRefusalsOfImplausibleHeadsAreLikeOthers looks at the headers of answers
// to requests that no route sees.
func TestRefusalsOfImplausibleHeadsAreLikeOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.http.CORSOrigins = []string{"https://front.example"} })
	fields := func(r *http.Request) {
		for i := range 150 {
			r.Header.Set(fmt.Sprintf("X-Field-%d", i), "x")
		}
	}
	for name, c := range map[string]struct {
		target string
		change func(*http.Request)
	}{
		"parameters": {"/rooms/x/?" + strings.Repeat("&", 150), func(*http.Request) {}},
		"fields":     {"/rooms/x/", fields},
		"cookies":    {"/rooms/x/", func(r *http.Request) { r.Header.Set("Cookie", strings.Repeat("a=b;", 300)) }},
		"host":       {"/rooms/x/", func(r *http.Request) { r.Host = "other.example" }},
	} {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+host+api+c.target, nil)
		request.Header.Set("Origin", "https://front.example")
		c.change(request)
		recorder := httptest.NewRecorder()
		w.server.ServeHTTP(recorder, request)
		if recorder.Code/100 != 4 {
			t.Errorf("%s: %d", name, recorder.Code)
		}
		checkHardened(t, name, recorder)
	}
}

func checkHardened(t *testing.T, name string, got *httptest.ResponseRecorder) {
	t.Helper()
	for header, want := range map[string]string{
		"Cache-Control": "no-store", "Access-Control-Allow-Origin": "https://front.example", "Access-Control-Allow-Credentials": "true",
		"X-Content-Type-Options": "nosniff", "Content-Type": "application/json",
	} {
		if has := got.Header().Get(header); has != want {
			t.Errorf("%s: %s is %q, want %q", name, header, has, want)
		}
	}
}
