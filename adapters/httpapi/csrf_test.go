package httpapi_test

import (
	"strings"
	"testing"
)

const refusedOrigin = "Origin checking failed - https://evil.example does not match any trusted origins."

func TestWritesOfTheSignedInAreProtectedAgainstOtherSites(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) {
		s.http.TrustedOrigins = []string{"https://good.example", "https://*.wild.example", "https://*.port.example:8443"}
	})
	ada := w.user("ada")
	token := w.as(ada).cookies["csrftoken"]
	masked := mask(token)
	for name, c := range map[string]struct {
		header map[string]string
		cookie string // "-" keeps it
		want   string // "" lets the request through
	}{
		"token and no origin":         {map[string]string{"X-CSRFToken": token}, "-", ""},
		"own origin":                  {map[string]string{"X-CSRFToken": token, "Origin": "http://testserver"}, "-", ""},
		"trusted origin":              {map[string]string{"X-CSRFToken": token, "Origin": "https://good.example"}, "-", ""},
		"wildcard, any depth":         {map[string]string{"X-CSRFToken": token, "Origin": "https://a.b.wild.example"}, "-", ""},
		"wildcard, bare domain":       {map[string]string{"X-CSRFToken": token, "Origin": "https://wild.example"}, "-", ""},
		"wildcard with port":          {map[string]string{"X-CSRFToken": token, "Origin": "https://x.port.example:8443"}, "-", ""},
		"masked token":                {map[string]string{"X-CSRFToken": masked}, "-", ""},
		"masked cookie":               {map[string]string{"X-CSRFToken": token}, masked, ""},
		"foreign origin":              {map[string]string{"X-CSRFToken": token, "Origin": "https://evil.example"}, "-", refusedOrigin},
		"null origin":                 {map[string]string{"X-CSRFToken": token, "Origin": "null"}, "-", strings.Replace(refusedOrigin, "https://evil.example", "null", 1)},
		"own host, other scheme":      {map[string]string{"X-CSRFToken": token, "Origin": "https://testserver"}, "-", strings.Replace(refusedOrigin, "https://evil.example", "https://testserver", 1)},
		"suffix of a trusted origin":  {map[string]string{"X-CSRFToken": token, "Origin": "https://evilwild.example"}, "-", strings.Replace(refusedOrigin, "evil.example", "evilwild.example", 1)},
		"wildcard, other scheme":      {map[string]string{"X-CSRFToken": token, "Origin": "http://a.wild.example"}, "-", strings.Replace(refusedOrigin, "https://evil.example", "http://a.wild.example", 1)},
		"no cookie":                   {map[string]string{"X-CSRFToken": token}, "", "CSRF cookie not set."},
		"short cookie":                {map[string]string{"X-CSRFToken": token}, "abc", "CSRF cookie has incorrect length."},
		"odd cookie":                  {map[string]string{"X-CSRFToken": token}, strings.Repeat("!", 32), "CSRF cookie has invalid characters."},
		"no token":                    {nil, "-", "CSRF token missing."},
		"empty token":                 {map[string]string{"X-CSRFToken": ""}, "-", "CSRF token from the 'X-Csrftoken' HTTP header has incorrect length."},
		"odd token":                   {map[string]string{"X-CSRFToken": strings.Repeat("-", 32)}, "-", "CSRF token from the 'X-Csrftoken' HTTP header has invalid characters."},
		"another token":               {map[string]string{"X-CSRFToken": strings.Repeat("a", 32)}, "-", "CSRF token from the 'X-Csrftoken' HTTP header incorrect."},
		"https without referer":       {map[string]string{"X-CSRFToken": token, "X-Forwarded-Proto": "https"}, "-", "Referer checking failed - no Referer."},
		"https, referer elsewhere":    {map[string]string{"X-CSRFToken": token, "X-Forwarded-Proto": "https", "Referer": "https://evil.example/x"}, "-", "Referer checking failed - https://evil.example/x does not match any trusted origins."},
		"https, insecure referer":     {map[string]string{"X-CSRFToken": token, "X-Forwarded-Proto": "https", "Referer": "http://testserver/x"}, "-", "Referer checking failed - Referer is insecure while host is secure."},
		"https, malformed referer":    {map[string]string{"X-CSRFToken": token, "X-Forwarded-Proto": "https", "Referer": "testserver"}, "-", "Referer checking failed - Referer is malformed."},
		"https, own referer":          {map[string]string{"X-CSRFToken": token, "X-Forwarded-Proto": "https", "Referer": "https://testserver/x"}, "-", ""},
		"https, referer of a trusted": {map[string]string{"X-CSRFToken": token, "X-Forwarded-Proto": "https", "Referer": "https://good.example/x"}, "-", ""},
	} {
		b := w.as(ada)
		b.header = map[string]string{"Peer": proxy}
		for key, value := range c.header {
			b.header[key] = value
		}
		if value, given := c.header["X-CSRFToken"]; given && value == token {
			b.header["X-CSRFToken"] = b.cookies["csrftoken"]
		}
		if c.header["X-CSRFToken"] == masked {
			b.header["X-CSRFToken"] = mask(b.cookies["csrftoken"])
		}
		switch c.cookie {
		case "-":
		case "":
			delete(b.cookies, "csrftoken")
		case masked:
			b.cookies["csrftoken"] = mask(b.cookies["csrftoken"])
		default:
			b.cookies["csrftoken"] = c.cookie
		}
		answer := b.post("/rooms/", map[string]any{"name": "room " + name})
		if c.want == "" && answer.status != 201 {
			t.Errorf("%s: got %d %s, want 201", name, answer.status, answer.body)
		}
		if want := `{"detail":"CSRF Failed: ` + c.want + `"}`; c.want != "" && (answer.status != 403 || answer.body != want) {
			t.Errorf("%s: got %d %s, want 403 %s", name, answer.status, answer.body, want)
		}
	}
}

// mask is another form of the token, as pages send it.
func mask(secret string) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	key := strings.Repeat("k3yX", 8)
	sum := make([]byte, 32)
	for i := range sum {
		sum[i] = letters[(strings.IndexByte(letters, secret[i])+strings.IndexByte(letters, key[i]))%62]
	}
	return key + string(sum)
}

func TestTheTokenMayComeAsAFormFieldWithTheRestOfTheBody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("ada"))
	token := b.cookies["csrftoken"]
	delete(b.header, "X-CSRFToken")
	b.post("/rooms/", form{"name": "by form", "csrfmiddlewaretoken": token}).is(201, "-")
	b.post("/rooms/", form{"name": "by form 2", "csrfmiddlewaretoken": strings.Repeat("a", 32)}).is(403, `{"detail":"CSRF Failed: CSRF token from POST incorrect."}`)
}

func TestStrangersNeedNoToken(t *testing.T) {
	t.Parallel()
	b := newWorld(t).stranger()
	b.header["Origin"] = "https://evil.example"
	b.post("/rooms/creation-callback/", map[string]any{"callback_id": "x"}).is(200, "-")
}

func TestABrowserThatLostTheTokenGetsAnotherWithTheNextAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("ada"))
	for _, lost := range []string{"", "malformed"} {
		delete(b.cookies, "csrftoken")
		if lost != "" {
			b.cookies["csrftoken"] = lost
		}
		b.get("/users/me/").is(200, "-")
		if len(b.cookies["csrftoken"]) != 32 {
			t.Fatalf("csrftoken is %q", b.cookies["csrftoken"])
		}
		b.header["X-CSRFToken"] = b.cookies["csrftoken"]
		b.post("/rooms/", map[string]any{"name": "recovered " + lost}).is(201, "-")
	}
	if answer := b.get("/users/me/"); len(answer.raw.Cookies()) != 0 {
		t.Errorf("a browser that has it all got %v", answer.raw.Cookies())
	}
}
