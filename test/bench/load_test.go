package bench

import (
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// call makes one request.
type call func(ctx context.Context) (*http.Request, error)

// load calls as fast as some clients can, and tells how many good answers
// came per second.
func load(b *testing.B, ask call, d time.Duration) float64 {
	b.Helper()
	const clients = 8
	transport := &http.Transport{MaxIdleConnsPerHost: clients}
	defer transport.CloseIdleConnections()
	var count atomic.Int64
	var all sync.WaitGroup
	ctx, cancel := context.WithTimeout(b.Context(), d)
	defer cancel()
	for range clients {
		all.Go(func() {
			for ctx.Err() == nil {
				request, err := ask(ctx)
				if err != nil {
					b.Error(err)
					return
				}
				response, err := transport.RoundTrip(request)
				if err != nil {
					if ctx.Err() == nil {
						b.Error(err)
					}
					return
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
				if response.StatusCode != http.StatusOK {
					b.Errorf("%s answered %d", request.URL.Path, response.StatusCode)
					return
				}
				count.Add(1)
			}
		})
	}
	all.Wait()
	return float64(count.Load()) / d.Seconds()
}

const (
	warmUp = 2 * time.Second
	round  = 250 * time.Millisecond
)

// rival is what our calls are compared with.
type rival struct {
	name string
	ask  call
}

// compare loads the rivals and us in short turns, so that what else the
// machine does meets all, and reports the medians of the turns' ratios. The
// promise, least, is about the first rival.
func compare(b *testing.B, ours call, least float64, rivals ...rival) {
	b.Helper()
	load(b, ours, warmUp)
	ratios := make([][]float64, len(rivals))
	for _, r := range rivals {
		load(b, r.ask, warmUp)
	}
	for b.Loop() {
		for i, r := range rivals {
			theirs := load(b, r.ask, round)
			ratios[i] = append(ratios[i], load(b, ours, round)/theirs)
		}
	}
	for i, r := range rivals {
		slices.Sort(ratios[i])
		b.ReportMetric(ratios[i][len(ratios[i])/2], "of-"+r.name)
	}
	b.ReportMetric(0, "ns/op")
	if ratio := ratios[0][len(ratios[0])/2]; ratio < least {
		b.Errorf("%.2f of the %s's throughput, promised are %.2f", ratio, rivals[0].name, least)
	}
}

// asFloor is the floor's call as a rival.
func asFloor(ask call) rival { return rival{"floor", ask} }

// floor starts the least that a server can do, on the same database, reached
// by the same way, and Redis.
func (s site) floor(b *testing.B) string {
	b.Helper()
	address := free(b)
	arguments := []string{address, s.database, s.redis}
	if s.pooled {
		arguments = append(arguments, "pooled")
	}
	start(b, address, nil, build(b, "meet/test/bench/floor"), arguments...)
	return address
}
