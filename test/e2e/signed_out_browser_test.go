package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/livekit/protocol/livekit"

	"meet/adapters/sqlstore"
	"meet/domain"
)

// TestTheBrowserSaysWhyAMeetingEnded puts Alice out twice: once removed, once
// signed out.
func TestTheBrowserSaysWhyAMeetingEnded(t *testing.T) {
	s, db := watchedSite(t)
	owner, room := s.owner("public")
	slug, _ := owner.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil)["slug"].(string)
	user, err := sqlstore.NewUsers(db).BySub(t.Context(), "demo-alice")
	if err != nil {
		t.Fatal(err)
	}
	alice := newVisitor(t, browser(t), "Alice")
	alice.do("open", chromedp.Navigate(s.address))
	alice.click("sign-in")
	alice.do("choose an account", chromedp.WaitVisible(`button[value="demo-alice"]`), chromedp.Click(`button[value="demo-alice"]`))
	alice.text("who")
	putOut := func(status string) {
		t.Helper()
		alice.do("open the room", chromedp.Navigate(s.address+"/"+slug))
		alice.click("join")
		until(t, "is there", func() bool { return s.there(room, "demo-alice") != nil })
		alice.eventually("sees the meeting", `(document.querySelector('[data-testid="participant-count"]')?.textContent ?? '0') !== '0'`)
		if status == "signed-out" {
			_, err := sqlstore.NewSessions(db).RemoveOf(t.Context(), user.ID, "")
			if err == nil {
				err = sqlstore.NewRevocations(db).Revoke(t.Context(), user.ID, time.Now().Add(domain.TokenLife))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.api().RemoveParticipant(t.Context(), &livekit.RoomParticipantIdentity{Room: room, Identity: "demo-alice"}); err != nil {
			t.Fatal(err)
		}
		alice.eventually("is told that it was "+status, `document.querySelector('[data-status="`+status+`"]') !== null`)
	}
	putOut("removed")
	putOut("signed-out")
}
