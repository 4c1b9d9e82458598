package e2e

import (
	"net/http"
	"sync"
	"testing"

	"meet/test/client"
	"meet/test/postgres"
)

// TestBehindAPoolerEveryRequestMeetsItsOwnData is a PgBouncer whose few
// connections serve many clients in turns, statement by statement.
func TestBehindAPoolerEveryRequestMeetsItsOwnData(t *testing.T) {
	pooler := postgres.NewPooler(t, postgres.URL(t), "default_pool_size = 2")
	env, options := withoutMedia(t, pooler.URL)
	first, _ := startApp(t, env, options...)
	env, options = withoutMedia(t, pooler.URL)
	other, _ := startApp(t, env, options...) // one more start on the migrated database
	people := []string{"demo-alice", "demo-bob", "demo-carol"}
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			who := people[i%len(people)]
			c := client.New(t, "http://"+first)
			c.SignIn(who)
			mine := c.Must(http.StatusOK, http.MethodGet, "/users/me/", nil)
			there := client.New(t, "http://"+other)
			there.HTTP.Jar = c.HTTP.Jar
			for range 10 {
				room := c.NewRoom()
				slug, _ := room["slug"].(string)
				c.Must(http.StatusOK, http.MethodPatch, "/rooms/"+slug+"/", map[string]any{"access_level": "restricted"})
				seen := there.Must(http.StatusOK, http.MethodGet, "/rooms/"+slug+"/", nil)
				if seen["id"] != room["id"] || seen["access_level"] != "restricted" || seen["accesses"] == nil {
					t.Errorf("%s made %v and saw %v", who, room, seen)
				}
				if me := there.Must(http.StatusOK, http.MethodGet, "/users/me/", nil); me["id"] != mine["id"] || me["email"] != mine["email"] {
					t.Errorf("%s became %v", who, me)
				}
				c.Must(http.StatusOK, http.MethodGet, "/rooms/", nil)
			}
		})
	}
	all.Wait()
}
