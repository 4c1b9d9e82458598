package contract_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"meet/adapters/memstore"
	"meet/adapters/redisstore"
	"meet/ports"
	"meet/test/redis"
)

// TestLimitsHoldHoweverManyCallAtOnce runs on every kind of counts.
func TestLimitsHoldHoweverManyCallAtOnce(t *testing.T) {
	t.Parallel()
	memory, err := memstore.NewCounts()
	if err != nil {
		t.Fatal(err)
	}
	stores := map[string]ports.Counts{"memory": memory}
	cluster, _ := redis.StartCluster(t)
	for name, url := range map[string]string{"Redis": redis.Start(t).URL, "a cluster": cluster, "a set with Sentinel": redis.StartSet(t).URL} {
		client, err := redisstore.Open(url)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = client.Close() }()
		stores[name] = redisstore.NewCounts(client)
	}
	for name, counts := range stores {
		var allowed, failed atomic.Int64
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() {
				switch wait, err := counts.Hit(t.Context(), "x", 1, 10, time.Hour); {
				case err != nil:
					failed.Add(1)
				case wait == 0:
					allowed.Add(1)
				case wait > time.Hour:
					t.Errorf("%s: wait %v", name, wait)
				}
			})
		}
		all.Wait()
		if most := allowed.Load(); most > 10 || failed.Load() != 0 {
			t.Errorf("%s: %d were allowed, %d failed", name, most, failed.Load())
		}
		for range 10 {
			if wait, err := counts.Hit(t.Context(), "y", 1, 10, time.Hour); wait != 0 || err != nil {
				t.Errorf("%s: another key waits %v, error %v", name, wait, err)
			}
		}
		if wait, err := counts.Hit(t.Context(), "y", 1, 10, time.Hour); wait == 0 || err != nil {
			t.Errorf("%s: one too many waits %v, error %v", name, wait, err)
		}
	}
}
