package e2e

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"meet/test/postgres"
)

// browser starts a Chromium with a made-up camera and microphone.
func browser(t testing.TB) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Fatal("Chromium is missing. Install it: sudo apt-get install -y chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 800),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("use-fake-ui-for-media-stream", true), chromedp.Flag("use-fake-device-for-media-stream", true),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
		chromedp.WSURLReadTimeout(time.Minute),
	)
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return ctx
}

// visitor is one person's browser window, with cookies of its own.
type visitor struct {
	t    testing.TB
	name string
	ctx  context.Context
}

func newVisitor(t testing.TB, browser context.Context, name string) *visitor {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // the window lives as long as this context
		t.Fatalf("open a window: %v", err)
	}
	return &visitor{t, name, ctx}
}

const patience = 20 * time.Second

// do runs the steps; the page is shown when one of them fails.
func (v *visitor) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		last, cancel := context.WithTimeout(v.ctx, 5*time.Second)
		defer cancel()
		url, _ := chromedp.Run(last, chromedp.Location())
		text, _ := chromedp.Run(last, chromedp.Evaluate[string](`document.body.innerText`))
		v.t.Fatalf("%s: %s: %v\nat %s:\n%s", v.name, what, err, url, text)
	}
}

func id(name string) string { return `[data-testid="` + name + `"]` }

func (v *visitor) click(name string) {
	v.t.Helper()
	v.do("click "+name, chromedp.WaitVisible(id(name)), chromedp.Click(id(name)))
}

func (v *visitor) text(name string) string {
	v.t.Helper()
	v.do("wait for "+name, chromedp.WaitVisible(id(name)))
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.TextContent(id(name)))
	if err != nil {
		v.t.Fatalf("%s: read %s: %v", v.name, name, err)
	}
	return strings.TrimSpace(text)
}

// eventually waits until the script's value is true.
func (v *visitor) eventually(what, script string) {
	v.t.Helper()
	v.do(what, chromedp.Poll[chromedp.Void](script, chromedp.WithPollingInterval(100*time.Millisecond), chromedp.WithPollingTimeout(patience)))
}

const (
	// remoteVideoPlays is true when the picture of somebody else moves on.
	remoteVideoPlays = `(() => {
		const video = document.querySelector('[data-testid="tile"][data-local="false"] video');
		if (!video || video.videoWidth === 0 || video.paused || video.readyState < 2) return false;
		const frames = video.getVideoPlaybackQuality().totalVideoFrames;
		window.framesBefore ??= frames;
		return frames > window.framesBefore + 10;
	})()`
	// remoteAudioPlays is true when somebody else's sound moves on.
	remoteAudioPlays = `[...document.querySelectorAll('audio')].some(a =>
		a.srcObject && a.srcObject.getAudioTracks().some(t => t.readyState === 'live') && !a.paused && a.currentTime > 0.3)`
)

// TestTwoPeopleMeet is the story of the product: sign in, create a room, pass
// on its link, and see and hear each other.
func TestTwoPeopleMeet(t *testing.T) {
	chromium := browser(t)
	for name, env := range map[string]func(t *testing.T) map[string]string{
		"SQLite":     func(*testing.T) map[string]string { return nil },
		"PostgreSQL": func(t *testing.T) map[string]string { return map[string]string{"DATABASE_URL": postgres.URL(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			address := startStandalone(t, env(t))
			alice, guest := newVisitor(t, chromium, "Alice"), newVisitor(t, chromium, "guest")

			alice.do("open", chromedp.Navigate(address))
			alice.click("sign-in")
			alice.do("choose an account", chromedp.Click(`button[value="demo-alice"]`))
			if who := alice.text("who"); !strings.Contains(who, "Alice") {
				t.Errorf("signed in as %q, want Alice", who)
			}
			alice.do("name the room", chromedp.SendKeys(id("room-name"), "Réunion du lundi"))
			alice.click("create-room")
			link := alice.text("room-link")
			if want := address + "/reunion-du-lundi"; link != want {
				t.Errorf("link of the room: got %q, want %q", link, want)
			}
			alice.click("join")

			guest.do("open the link", chromedp.Navigate(link))
			guest.do("choose a name", chromedp.WaitVisible(id("display-name")), chromedp.SendKeys(id("display-name"), "Zoé"))
			guest.click("join")

			for _, v := range []*visitor{alice, guest} {
				v.eventually("sees the other", remoteVideoPlays)
				v.eventually("hears the other", remoteAudioPlays)
				if count := v.text("participant-count"); !strings.Contains(count, "2") {
					t.Errorf("%s counts %q participants, want 2", v.name, count)
				}
			}
			guest.click("leave")
			alice.eventually("is alone again", `document.querySelector('[data-testid="participant-count"]').textContent.includes('1')`)
		})
	}
}
