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

// compare loads the floor and us in short turns, so that what else the machine
// does meets both, and checks the median of the turns' ratios.
func compare(b *testing.B, floor, ours call, least float64) {
	b.Helper()
	load(b, floor, warmUp)
	load(b, ours, warmUp)
	var ratios []float64
	for b.Loop() {
		theirs := load(b, floor, round)
		ratios = append(ratios, load(b, ours, round)/theirs)
	}
	slices.Sort(ratios)
	ratio := ratios[len(ratios)/2]
	b.ReportMetric(ratio, "of-floor")
	b.ReportMetric(0, "ns/op")
	if ratio < least {
		b.Errorf("%.2f of the floor's throughput, promised are %.2f", ratio, least)
	}
}

// floor starts the least that a server can do, on the same database and Redis.
func (s site) floor(b *testing.B) string {
	b.Helper()
	address := free(b)
	start(b, address, nil, build(b, "meet/test/bench/floor"), address, s.database, s.redis)
	return address
}
