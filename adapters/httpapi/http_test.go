package httpapi_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"meet/adapters/httpapi"
)

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	b := newWorld(t).stranger()
	for _, path := range []string{"/", "/users/me/", "/nowhere/", "/authenticate/", "//__lbheartbeat__", "//some-page", "//jwks"} {
		answer := b.get(path)
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
			"X-Frame-Options": "DENY", "Content-Language": "en-us",
		} {
			if got := answer.header(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if answer.header("X-Request-Id") == "" {
			t.Errorf("%s: no request id", path)
		}
	}
}

func TestOnlyOurHostsAreAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.http.AllowedHosts = []string{"meet.example", ".wild.example", "[::1]"} })
	for host, status := range map[string]int{
		"meet.example": 200, "MEET.example": 200, "meet.example:8000": 200, "wild.example": 200, "a.b.wild.example": 200, "[::1]": 200, "[::1]:80": 200,
		"evil.example": 400, "meet.example.evil": 400, "xmeet.example": 400, "evilwild.example": 400, "": 400, "meet.example@evil": 400,
		"evil.example#meet.example": 400, "testserver": 400, "127.0.0.1": 400,
	} {
		b := w.stranger()
		b.header["Host"] = host
		for _, path := range []string{"//__lbheartbeat__", "/", "//page"} {
			if answer := b.get(path); answer.status != status || (status == 400 && answer.body != `{"detail":"Invalid Host header."}`) {
				t.Errorf("%q %s: got %d %s, want %d", host, path, answer.status, answer.body, status)
			}
		}
	}
	b := w.stranger()
	b.header["Host"], b.header["X-Forwarded-Host"] = "evil.example", "meet.example"
	b.get("/").is(400, "-")
}

func TestPlainRequestsGoToHTTPSInProduction(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.http.RedirectHTTPS, s.http.SecureCookies = true, true })
	b := w.stranger()
	answer := b.send("PUT", "/rooms/x/?a=b", nil)
	if answer.status != 301 || answer.header("Location") != "https://testserver/api/v1.0/rooms/x/?a=b" {
		t.Errorf("got %d to %s", answer.status, answer.header("Location"))
	}
	b.get("//__heartbeat__").is(200, `{"status": "ok"}`)
	b.get("//__lbheartbeat__").is(200, "")
	b.get("//__version__").is(301, "-")
	b.header["X-Forwarded-Proto"] = "https" // said by a stranger
	b.get("/").is(301, "-")
	b.header["Peer"] = proxy
	answer = b.get("/")
	if answer.status != 200 || answer.header("Strict-Transport-Security") != "max-age=60; includeSubDomains; preload" {
		t.Errorf("got %d, HSTS %q", answer.status, answer.header("Strict-Transport-Security"))
	}
	b.header["X-Forwarded-Proto"] = "HTTPS"
	b.get("/").is(301, "-")
	b.header["Host"] = "evil.example"
	b.get("/").is(400, "-")
}

func TestCORS(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) {
		s.http.CORSOrigins = []string{"https://good.example"}
		s.http.CORSRegexps = []*regexp.Regexp{regexp.MustCompile(`https://\w+\.re\.example`)}
	})
	for origin, allowed := range map[string]bool{
		"https://good.example": true, "https://a.re.example": true, "https://evil.example": false, "http://good.example": false,
		"xhttps://a.re.example": false, "null": false,
	} {
		b := w.stranger()
		b.header["Origin"] = origin
		want := ""
		if allowed {
			want = origin
		}
		answer := b.get("/")
		if got := answer.header("Access-Control-Allow-Origin"); got != want || answer.status != 200 || (answer.header("Access-Control-Allow-Credentials") == "true") != allowed {
			t.Errorf("%s: got %d %q", origin, answer.status, got)
		}
		b.header["Access-Control-Request-Method"] = "PUT"
		for _, path := range []string{"/rooms/", "/nowhere/", "/callback/"} {
			answer := b.send("OPTIONS", path, nil)
			answer.is(200, "")
			if got := answer.header("Access-Control-Allow-Origin"); got != want || (answer.header("Access-Control-Max-Age") == "86400") != allowed {
				t.Errorf("%s %s: got %q", origin, path, got)
			}
		}
	}
	every := newWorld(t, func(s *setup) { s.http.CORSAllowAll = true }).stranger()
	every.header["Origin"] = "https://any.example"
	if got := every.get("/").header("Access-Control-Allow-Origin"); got != "https://any.example" {
		t.Errorf("allow all: %q", got)
	}
}

func TestAMissingSlashIsRedirectedWhateverTheMethod(t *testing.T) {
	t.Parallel()
	b := newWorld(t).stranger()
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
		answer := b.send(method, "/users/me?a=%20b&c", nil)
		if answer.status != 301 || answer.header("Location") != "/api/v1.0/users/me/?a=%20b&c" {
			t.Errorf("%s: got %d to %q", method, answer.status, answer.header("Location"))
		}
	}
	for _, path := range []string{"/logout", "/rooms/abc", "/config"} {
		b.get(path).is(301, "")
	}
	for _, path := range []string{"/nowhere", "/nowhere/", "/users/me/x/", "//api/", "//api/v2/", "//admin/", "//api/v1.0", "//external-api/v1.0/rooms/", "//api/v1.0//evil.example"} {
		b.get(path).is(404, `{"detail":"Not found."}`)
	}
}

func TestNegotiation(t *testing.T) {
	t.Parallel()
	b := newWorld(t).stranger()
	b.get("/.json").is(200, "-")
	b.get("/users/me.json").is(401, noSession)
	b.get("/users.json?format=json").is(401, noSession)
	for _, path := range []string{"/config.json", "/users/me.xml", "/callback.json", "/users/me/?format=xml", "/?format=api"} {
		b.get(path).is(404, `{"detail":"Not found."}`)
	}
	for accept, status := range map[string]int{
		"application/json": 200, "*/*": 200, "application/*;q=0.1": 200, "text/html, application/json": 200, "text/html": 406, "image/*": 406,
	} {
		b.header["Accept"] = accept
		if answer := b.get("/"); answer.status != status {
			t.Errorf("%s: got %d", accept, answer.status)
		}
	}
	b.header["Accept"] = "application/json; indent=4"
	if answer := b.get("/"); !strings.Contains(answer.body, "\n    \"users\": ") {
		t.Errorf("got %s", answer.body)
	}
}

func TestMethodsAreListedInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as(w.user("ada"))
	for path, allow := range map[string]string{
		"/rooms/": "GET, POST, HEAD, OPTIONS", "/rooms/x/": "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
		"/rooms/creation-callback/": "POST, OPTIONS", "/config/": "GET, OPTIONS", "/resource-accesses/": "GET, POST, HEAD, OPTIONS",
	} {
		answer := b.send("OPTIONS", path, nil)
		if answer.status != 200 || answer.header("Allow") != allow || !strings.Contains(answer.body, `"parses":["application/json","multipart/form-data"]`) {
			t.Errorf("%s: got %d, Allow %q, %s", path, answer.status, answer.header("Allow"), answer.body)
		}
	}
	b.send("HEAD", "/rooms/", nil).is(200, "-")
	b.send("HEAD", "/config/", nil).is(405, "-")
	b.get("/rooms/creation-callback/").is(405, `{"detail":"Method \"GET\" not allowed."}`)
}

func TestOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.http.Version = httpapi.Version{Source: "meet", Version: "1.2.3", Commit: "abc"} })
	b := w.stranger()
	for _, slash := range []string{"", "/"} {
		b.get("//__lbheartbeat__"+slash).is(200, "")
		b.send("POST", "//__heartbeat__"+slash, nil).is(200, `{"status": "ok"}`)
		b.get("//__version__"+slash).is(200, `{"source":"meet","version":"1.2.3","commit":"abc","build":""}`)
	}
	b.get("//__error__").is(404, "-")
	b.get("//jwks").is(404, `{"error":"OIDC_RS_PRIVATE_KEY_STR setting is missing or empty."}`)
}

func TestTheDocumentIsServedWithItsPages(t *testing.T) {
	t.Parallel()
	b := newWorld(t).stranger()
	answer := b.get("/swagger.json")
	if answer.status != 200 || answer.body != string(httpapi.Document) || answer.header("Content-Type") != "application/vnd.oai.openapi+json" {
		t.Errorf("got %d, %s", answer.status, answer.header("Content-Type"))
	}
	for _, path := range []string{"/swagger/", "/redoc/", "/swagger/swagger-ui-bundle.js", "/swagger/swagger-ui.css", "/swagger/start.js", "/redoc/redoc.js"} {
		if answer := b.get(path); answer.status != 200 || strings.Contains(answer.body[:min(2000, len(answer.body))], "https://cdn") {
			t.Errorf("%s: got %d", path, answer.status)
		}
	}
	b.get("/swagger/nothing.js").is(404, `{"detail":"Not found."}`)
	newWorld(t, func(s *setup) { s.http.Documentation = false }).stranger().get("/swagger.json").is(404, "-")
}

func TestTheFrontendIsServedWithHistoryFallback(t *testing.T) {
	t.Parallel()
	script := strings.Repeat("console.log('a long enough script');", 100)
	w := newWorld(t, func(s *setup) {
		s.http.FrontendFiles = fstest.MapFS{
			"index.html": {Data: []byte("<!doctype html>home")}, "assets/app-1a2b3c4d.js": {Data: []byte(script)},
			"robots.txt": {Data: []byte("User-agent: *")}, ".secret": {Data: []byte("x")}, ".git/config": {Data: []byte("x")},
		}
	})
	b := w.stranger()
	for _, path := range []string{"//", "//my-room", "//a/b/c", "//.secret", "//.git/config", "//admin", "//api", "//my.room", "//..%2f..%2fetc%2fpasswd"} {
		answer := b.get(path)
		if answer.status != 200 || answer.body != "<!doctype html>home" || answer.header("Cache-Control") != "no-cache" {
			t.Errorf("%s: got %d %q, Cache-Control %q", path, answer.status, answer.body, answer.header("Cache-Control"))
		}
		if policy := answer.header("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self'") {
			t.Errorf("%s: policy %q", path, policy)
		}
	}
	asset := b.get("//assets/app-1a2b3c4d.js")
	if asset.body != script || asset.header("Cache-Control") != "public, max-age=31536000, immutable" || !strings.Contains(asset.header("Content-Type"), "javascript") {
		t.Errorf("asset: %d, %s, %s", asset.status, asset.header("Cache-Control"), asset.header("Content-Type"))
	}
	b.header["If-None-Match"] = asset.header("ETag")
	b.get("//assets/app-1a2b3c4d.js").is(304, "")
	delete(b.header, "If-None-Match")
	b.header["Accept-Encoding"] = "gzip"
	if zipped := b.get("//assets/app-1a2b3c4d.js"); zipped.header("Content-Encoding") != "gzip" || len(zipped.body) > len(script)/2 {
		t.Errorf("not compressed: %d bytes, %q", len(zipped.body), zipped.header("Content-Encoding"))
	}
	b.get("//assets/old-1a2b3c4d.js").is(404, "-")
	b.send("POST", "//my-room", nil).is(404, "-")
	foreign := newWorld(t, func(s *setup) { s.http.FrontendIsForeign = true }).stranger()
	if policy := foreign.get("//x").header("Content-Security-Policy"); policy != "" {
		t.Errorf("a foreign frontend got the policy %q", policy)
	}
}

func TestAPageSaysWhatIsMissingWithoutTheClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.http.FrontendFiles, s.http.FrontendUnbuiltTip = fstest.MapFS{}, "Install <Node.js>" })
	if answer := w.stranger().get("//"); answer.status != 200 || !strings.Contains(answer.body, "Install &lt;Node.js&gt;") {
		t.Errorf("got %d %s", answer.status, answer.body)
	}
}
