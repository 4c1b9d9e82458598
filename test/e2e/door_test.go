package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"meet/adapters/sqlstore"
	"meet/domain"
	"meet/test/client"
	"meet/test/postgres"
)

// atOnce is within what time somebody who may not be there is put out.
const atOnce = 5 * time.Second

func tokenOf(answer map[string]any) string {
	media, _ := answer["livekit"].(map[string]any)
	token, _ := media["token"].(string)
	return token
}

// watchedSite is a site whose database the test reads.
func watchedSite(t *testing.T) (*site, *sqlstore.DB) {
	t.Helper()
	url := postgres.URL(t)
	s := newSite(t, map[string]string{"DATABASE_URL": url})
	db, err := sqlstore.Open(sqlstore.Config{PostgresURL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return s, db
}

// refused joins with a token that LiveKit takes, and is put out for it.
func (s *site) refused(why, token string) {
	s.t.Helper()
	p, err := s.enter(token)
	if err != nil { // put out before the connection was complete
		return
	}
	select {
	case <-p.gone:
	case <-time.After(atOnce):
		s.t.Errorf("%s: still in the meeting", why)
	}
}

// welcome joins, and is still there when the arrival was judged.
func (s *site) welcome(why, token string, db *sqlstore.DB) *person {
	s.t.Helper()
	p, err := s.enter(token)
	if err != nil {
		s.t.Fatalf("%s: %v", why, err)
	}
	until(s.t, "the arrival is judged", func() bool {
		known, err := sqlstore.NewAttendance(db).Where(s.t.Context(), p.LocalParticipant.Identity())
		_, open, failed := db.Backlog(s.t.Context())
		return err == nil && failed == nil && len(known) > 0 && open == 0
	})
	select {
	case <-p.gone:
		s.t.Errorf("%s: put out", why)
	default:
	}
	return p
}

func (s *site) entrance(c *client.Client, room string) string {
	s.t.Helper()
	return tokenOf(c.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
}

func TestAnOldTokenOpensARoomToThoseAloneWhoMayJoinNow(t *testing.T) {
	s, db := watchedSite(t)
	owner, room := s.owner("public")
	bob, stranger, friend := s.client(), s.client(), s.client()
	bob.SignIn("demo-bob")
	tokens := map[string]string{"owner": s.entrance(owner, room), "bob": s.entrance(bob, room), "stranger": s.entrance(stranger, room)}
	inside := s.welcome("a guest of the open room", s.entrance(s.client(), room), db)
	level := func(level string) {
		t.Helper()
		owner.Must(http.StatusOK, http.MethodPatch, "/rooms/"+room+"/", map[string]any{"access_level": level})
	}
	level("trusted")
	s.refused("stranger of a trusted room", tokens["stranger"])
	s.welcome("bob", tokens["bob"], db).Disconnect()
	level("restricted")
	s.refused("stranger", tokens["stranger"])
	s.refused("bob", tokens["bob"])
	s.welcome("owner", tokens["owner"], db)
	id := knock(friend, room)["id"]
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/enter/", map[string]any{"participant_id": id, "allow_entry": true})
	accepted := tokenOf(knock(friend, room))
	s.welcome("who was let in", accepted, db).Disconnect()
	s.welcome("who was let in, again", accepted, db)
	if s.there(room, inside.LocalParticipant.Identity()) == nil {
		t.Error("who was inside is put out")
	}
	owner.Must(http.StatusNoContent, http.MethodDelete, "/rooms/"+room+"/", nil)
	s.refused("the owner of a deleted room", tokens["owner"])
}

func TestATokenOfASignedOutPersonIsVoidUntilTheNextSignIn(t *testing.T) {
	s, db := watchedSite(t)
	owner, room := s.owner("public")
	token := s.entrance(owner, room)
	s.welcome("signed in", token, db).Disconnect()
	user, err := sqlstore.NewUsers(db).BySub(t.Context(), "demo-alice")
	if err != nil {
		t.Fatal(err)
	}
	_, err = sqlstore.NewSessions(db).RemoveOf(t.Context(), user.ID, "")
	if err == nil {
		err = sqlstore.NewRevocations(db).Revoke(t.Context(), user.ID, time.Now().Add(domain.TokenLife))
	}
	if err != nil {
		t.Fatal(err)
	}
	s.refused("signed out", token)
	owner.SignIn("demo-alice")
	s.welcome("signed in again", s.entrance(owner, room), db)
}

func TestARemovedStrangerStaysOutOfAPublicRoom(t *testing.T) {
	s, db := watchedSite(t)
	owner, room := s.owner("public")
	guest := s.client()
	first, second := s.welcome("a tab", s.entrance(guest, room), db), s.welcome("another tab", s.entrance(guest, room), db)
	if s.there(room, first.LocalParticipant.Identity()) == nil {
		t.Error("two tabs of a stranger put each other out")
	}
	owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/remove-participant/", map[string]any{"participant_identity": first.LocalParticipant.Identity()})
	first.putOut("removed")
	second.putOut("another tab of the same")
	if token := s.entrance(guest, room); token != "" {
		t.Error("rejoined at once")
	}
	s.refused("old token", second.token)
	if answer := knock(guest, room); answer["status"] != "denied" {
		t.Errorf("knocked: %v", answer)
	}
	s.welcome("somebody else", s.entrance(s.client(), room), db)
}

// TestOthersAtTheSameMediaServerAreLeftAlone meets in rooms that are not ours.
func TestOthersAtTheSameMediaServerAreLeftAlone(t *testing.T) {
	s, db := watchedSite(t)
	for _, room := range []string{uuid.NewString(), "not-registered"} {
		token, err := tokenFor(s, domain.Grant{Room: room, Identity: uuid.NewString(), TTL: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		s.welcome(room, token, db)
	}
}
