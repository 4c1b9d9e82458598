package httpapi

import (
	"strings"
	"testing"

	"meet/domain"
)

// TestEveryRouteDeclaresWhoMayCallIt fails for a route that somebody added
// without deciding, and for one that the router knows and the list does not.
func TestEveryRouteDeclaresWhoMayCallIt(t *testing.T) {
	t.Parallel()
	s, err := New(Uses{}, Config{LogoutByGet: true, Documentation: true, Rates: Rates{Rate{1, 1e9}, Rate{1, 1e9}, Rate{1, 1e9}, Rate{1, 1e9}, Rate{1, 1e9}}})
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	for _, e := range s.endpoints() {
		declared[API+e.path] = true
		if e.who == undecided {
			t.Errorf("%s does not say who may call it", e.path)
		}
		if len(e.methods) == 0 {
			t.Errorf("%s has no methods", e.path)
		}
		for method := range e.methods {
			if e.who == anyone && !safe(method) {
				t.Errorf("%s %s changes things for anyone", method, e.path)
			}
		}
	}
	for _, route := range s.echo.Routes() {
		if strings.HasPrefix(route.Path, "/api") && !declared[route.Path] {
			t.Errorf("%s %s is not in the list of endpoints", route.Method, route.Path)
		}
	}
}

func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, `{"a":"\ud800"}`, `{"a":"\ud83d\ude00"}`, `[`, `{"a":{"a":{}}}`, "\xff", `"\\ud800"`, `{"a":"\\\ud800x"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		values, err := decodeJSON(body)
		if err != nil {
			return
		}
		form := &form{values: values, problems: map[string][]domain.Problem{}}
		for name := range values {
			form.text(name, 10)
			form.configuration(name)
			form.reference(name)
			form.timezone(name)
			callbackID(values[name])
			textLeaves(values[name])
		}
		if err := form.err(); err != nil && err.Error() == "" {
			t.Error("a refusal without a reason")
		}
	})
}

func FuzzDecodeMultipart(f *testing.F) {
	for _, seed := range []string{"a", "a.b", "a[0]", "a[]", "a.", "a[", "a[b]", "a[0][1].c", "[0]", "a[9]", "a b"} {
		f.Add("--x\r\nContent-Disposition: form-data; name=\""+seed+"\"\r\n\r\nv\r\n--x--\r\n", seed)
	}
	f.Fuzz(func(_ *testing.T, body, key string) {
		_, _ = decodeMultipart([]byte(body), "x")
		if path, err := parseKey(key); err == nil {
			_ = put(map[string]any{}, path, "v")
		}
	})
}
