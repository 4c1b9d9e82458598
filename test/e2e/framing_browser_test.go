package e2e

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"meet/test/process"
)

// sdk is a frontend with a button for other sites, and the window it opens.
const sdk = `<!doctype html><button style="position:fixed;inset:0;width:100%;height:100%">create</button><script>
if (location.pathname === '/sdk/create-popup') {
  window.opener.postMessage('made', location.origin)
  window.close()
} else {
  document.querySelector('button').onclick = () => {
    parent.postMessage('pressed', '*')
    window.open('/sdk/create-popup', '', 'width=300,height=300')
  }
  window.onmessage = e => parent.postMessage('room ' + e.data, '*')
  parent.postMessage('ready', '*')
}
</script>`

// embedding is a page of another site that frames path.
func embedding(t *testing.T, address, path string) *httptest.Server {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><body style="margin:0"><iframe onload="document.body.dataset.loaded='yes'" style="width:400px;height:300px;border:0" src="` +
			address + path + `"></iframe><p></p><script>window.onmessage = e => document.querySelector('p').textContent += e.data + ';'</script>`))
	}))
	t.Cleanup(site.Close)
	return site
}

// press clicks there until the page says so: a browser that is busy may not
// know yet that a frame lies there.
func (v *visitor) press(said string, x, y float64) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	heard := chromedp.Poll[chromedp.Void](`document.querySelector('p').textContent.includes('`+said+`')`,
		chromedp.WithPollingInterval(100*time.Millisecond), chromedp.WithPollingTimeout(2*time.Second))
	for {
		err := chromedp.Do(ctx, chromedp.MouseClickXY(x, y), heard)
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			v.t.Fatalf("%s: presses in vain: %v", v.name, err)
		}
	}
}

// TestAnotherSiteFramesTheButton presses it in a page of another origin; the
// window that opens tells the button, which tells the page.
func TestAnotherSiteFramesTheButton(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte(sdk), 0o600); err != nil {
		t.Fatal(err)
	}
	serve := func(changes map[string]string) string {
		env := process.Environment(t, "")
		delete(env, "DATABASE_URL")
		env["FRONTEND_DIR"], env["LISTEN_ADDR"] = dir, "127.0.0.1:0"
		for name, value := range changes {
			env[name] = value
		}
		address, _ := startApp(t, env)
		return "http://" + strings.Replace(address, "127.0.0.1", "localhost", 1)
	}
	open, chromium := serve(nil), browser(t)
	site := embedding(t, open, "/sdk/create-button")
	visitor := newVisitor(t, chromium, "a visitor of another site")
	visitor.do("open the other site", chromedp.Navigate(site.URL))
	visitor.eventually("sees the button", `document.querySelector('p').textContent === 'ready;'`)
	visitor.press("pressed", 200, 100)
	visitor.eventually("hears of the room", `document.querySelector('p').textContent.endsWith('room made;')`)

	named := serve(map[string]string{"FRONTEND_FRAME_ANCESTORS": site.URL})
	nobody, others := serve(map[string]string{"FRONTEND_FRAME_ANCESTORS": ""}), serve(map[string]string{"FRONTEND_FRAME_ANCESTORS": "https://www.example.org"})
	for what, c := range map[string]struct{ address, path string }{
		"another page": {open, "/"}, "nearly": {open, "/sdkx"}, "escaped": {open, "/sdk/%2e%2e/"}, "nobody may": {nobody, "/sdk/x"}, "others may": {others, "/sdk/x"},
	} {
		visitor.do(what, chromedp.Navigate(embedding(t, c.address, c.path).URL))
		visitor.eventually(what, `document.body.dataset.loaded === 'yes' && document.querySelector('p').textContent === ''`)
	}
	response, err := http.Get(named + "/sdk/create-button")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if policy := response.Header.Get("Content-Security-Policy"); policy != "frame-ancestors "+site.URL || response.Header.Get("X-Frame-Options") != "" {
		t.Errorf("headers %v", response.Header)
	}
}
