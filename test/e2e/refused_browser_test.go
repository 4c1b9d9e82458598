package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"

	"meet/test/postgres"
)

// TestARefusedSignInIsExplained is the story of somebody whom the provider
// knows and the instance does not let in.
func TestARefusedSignInIsExplained(t *testing.T) {
	env, options := withoutMedia(t, postgres.URL(t))
	env["OIDC_CREATE_USER"] = "false"
	address, _ := startApp(t, env, options...)
	alice := newVisitor(t, browser(t), "Alice")
	alice.do("open", chromedp.Navigate("http://"+address))
	alice.click("sign-in")
	alice.do("choose an account", chromedp.Click(`button[value="demo-alice"]`))
	alice.do("wait for the message", chromedp.WaitVisible(".message.shown.error"))
	alice.eventually("reads why", `document.querySelector('.message.shown.error')?.textContent.includes('You were not signed in')`)
	alice.eventually("has an address without the message", `location.pathname === '/' && location.search === ''`)
	alice.do("reload", chromedp.Reload())
	alice.do("wait for the page", chromedp.WaitVisible(id("sign-in")))
	alice.eventually("reads nothing any more", `document.querySelector('.message.shown') === null`)
}
