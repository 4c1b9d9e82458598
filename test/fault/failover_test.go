package fault

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"meet/test/postgres"
	"meet/test/redis"
)

// backAfter is for how long nothing is written once a standby is promoted.
const backAfter = 10 * time.Second

// TestAStandbyTakesOver ends the primary while people write through servers
// that know both hosts, and promotes the standby that it waited for.
func TestAStandbyTakesOver(t *testing.T) {
	primary := postgres.NewCluster(t)
	standby := primary.Standby(t)
	// the standby stands first: without target_session_attrs it is passed over too
	for i, query := range []string{"sslmode=disable&target_session_attrs=read-write", "sslmode=disable"} {
		address := "postgres://postgres@" + standby.Address + "," + primary.Address + "/postgres?" + query
		failOver(t, address, fmt.Sprint("w", i), primary, standby)
		primary, standby = standby, nil
		if i == 0 {
			standby = primary.Standby(t)
		}
	}
}

func failOver(t *testing.T, address, name string, primary, standby *postgres.Cluster) {
	t.Helper()
	list := servers(t, 2, address, map[string]string{"REDIS_URL": redis.Start(t).URL})
	bob := at(t, list[1], browser(t, list[0]))
	friend := otherPerson(t, list[0])
	written := &ledger{levels: map[string]string{}}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	writer := writer{t: t, ctx: ctx, addresses: []string{list[0].Address, list[1].Address}, header: bob.Headers(), ledger: written, friend: friend, failover: true}
	var all sync.WaitGroup
	for i := range 4 {
		w := writer
		w.name = fmt.Sprint(name, "-", i)
		all.Go(w.rooms)
	}
	w := writer
	all.Go(w.events)
	goesOn := func() {
		t.Helper()
		before := written.done.Load()
		until(t, "work goes on", func() bool { return written.done.Load() > before+30 || t.Failed() })
	}
	goesOn()
	primary.Crash()
	until(t, "people are told to try again", func() bool {
		return ask(t, bob.HTTP, "http://"+list[0].Address+"/api/v1.0/users/me/", longest).status == http.StatusServiceUnavailable
	})
	standby.Promote()
	begun, before := time.Now(), written.done.Load()
	until(t, "something is written again", func() bool { return written.done.Load() > before || t.Failed() })
	took := time.Since(begun)
	t.Logf("back %v after the promotion", took)
	if took > backAfter {
		t.Errorf("back after %v", took)
	}
	goesOn()
	cancel()
	all.Wait()
	check(t, standby.URL, written)
	for _, server := range list {
		server.Stop()
	}
}
