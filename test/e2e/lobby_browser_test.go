package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestAGuestKnocksInTheBrowser is the story of a restricted room in two
// browsers: knock, admit, see each other, remove, stay out.
func TestAGuestKnocksInTheBrowser(t *testing.T) {
	address := startStandalone(t, nil)
	chromium := browser(t)
	alice, guest := newVisitor(t, chromium, "Alice"), newVisitor(t, chromium, "guest")
	alice.do("open", chromedp.Navigate(address))
	alice.click("sign-in")
	alice.do("choose an account", chromedp.Click(`button[value="demo-alice"]`))
	alice.do("name the room", chromedp.WaitVisible(id("room-name")), chromedp.SendKeys(id("room-name"), "Closed door"))
	alice.click("create-room")
	link := alice.text("room-link")
	alice.click("join")
	alice.click("settings")
	alice.click("access-restricted")
	alice.click("settings-save")
	alice.eventually("saved", `!document.querySelector('[data-testid="settings-dialog"][open]')`)

	guest.do("open the link", chromedp.Navigate(link))
	guest.do("choose a name", chromedp.WaitVisible(id("display-name")), chromedp.SendKeys(id("display-name"), "Zoé"))
	guest.click("join")
	guest.do("waits", chromedp.WaitVisible(id("waiting-screen")))

	alice.eventually("sees that somebody waits", `(document.querySelector('[data-testid="waiting-count"]')?.textContent ?? '').includes('1')`)
	alice.click("people")
	alice.click("admit")
	for _, v := range []*visitor{alice, guest} {
		v.eventually("sees the other", remoteVideoPlays)
		v.eventually("hears the other", remoteAudioPlays)
	}
	guest.click("raise-hand")
	alice.eventually("sees the hand", `[...document.querySelectorAll('[data-testid="person"] [data-testid="hand"]')].some(e => e.checkVisibility())`)

	alice.do("remove the guest", chromedp.Click(`[data-testid="person"]:not([data-local="true"]) `+id("remove-participant")))
	alice.click("confirm-yes")
	guest.eventually("is told", `document.querySelector('[data-status="removed"]') !== null`)
	guest.do("tries again", chromedp.Navigate(link))
	guest.do("chooses a name", chromedp.WaitVisible(id("display-name")), chromedp.SetValue(id("display-name"), "Zoé"))
	guest.click("join")
	guest.eventually("stays out", `document.querySelector('[data-status="refused"],[data-status="kept-out"]') !== null`)
}
