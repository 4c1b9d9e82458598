package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"meet/test/process"
)

func TestMain(m *testing.M) {
	code := m.Run()
	process.Remove()
	os.Exit(code)
}

const (
	small, large = 1_000, 1_000_000
	mostGrowth   = 1.3 // of a call's time from the small database to the large
	turn         = 250 * time.Millisecond
	turns        = 12
	clients      = 4
)

// BenchmarkGrowth compares each call on a small and on a large database, in
// short turns, so that what else the machine does meets both.
func BenchmarkGrowth(b *testing.B) {
	sites := []*site{newSite(b, small), newSite(b, large)}
	for _, name := range slices.Sorted(maps.Keys(calls)) {
		b.Run(name, func(b *testing.B) {
			var ratios []float64
			times := make([][]time.Duration, len(sites))
			for i := range turns + 1 {
				var perSecond [2]float64
				for j, s := range sites {
					took := work(b, s, name, turn)
					perSecond[j] = float64(len(took)) / turn.Seconds()
					if i > 0 { // the first one warms up
						times[j] = append(times[j], took...)
					}
				}
				if i > 0 {
					ratios = append(ratios, perSecond[0]/perSecond[1])
				}
			}
			for b.Loop() { // it was measured in turns
			}
			slices.Sort(ratios)
			growth := ratios[len(ratios)/2]
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(growth, "times-as-long")
			b.ReportMetric(p99(times[1]), "p99-ms-large")
			b.ReportMetric(float64(len(times[1]))/(turns*turn.Seconds()), "per-s-large")
			if growth > mostGrowth {
				b.Errorf("%s takes %.2f times as long on the large database, at most %.2f is allowed", name, growth, mostGrowth)
			}
		})
	}
}

// work lets clients make the call for a while and tells how long each took.
func work(b testing.TB, s *site, name string, d time.Duration) []time.Duration {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), d)
	defer cancel()
	var mu sync.Mutex
	var times []time.Duration
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for ctx.Err() == nil {
				begun := time.Now()
				if err := calls[name](ctx, s); err != nil {
					if !errors.Is(err, context.DeadlineExceeded) {
						b.Errorf("%s: %v", name, err)
					}
					return
				}
				mu.Lock()
				times = append(times, time.Since(begun))
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return times
}

func p99(times []time.Duration) float64 {
	if len(times) == 0 {
		return 0
	}
	slices.Sort(times)
	return float64(times[len(times)*99/100].Microseconds()) / 1000
}

// mix is how often each call occurs.
var mix = []string{
	"a stranger's room", "a stranger's room", "a person's room", "a person's room", "me", "my rooms", "a new room",
	"a poll of the lobby", "a poll of the lobby", "a poll of the lobby", "a token", "an event", "an event", "a sign-in",
}

// BenchmarkSoak loads a server with mixed traffic for LOAD_MINUTES (10) and
// looks whether it grows.
func BenchmarkSoak(b *testing.B) {
	minutes := 10
	if text := os.Getenv("LOAD_MINUTES"); text != "" {
		var err error
		if minutes, err = strconv.Atoi(text); err != nil || minutes < 1 {
			b.Fatalf("LOAD_MINUTES: %q", text)
		}
	}
	s := newSite(b, small)
	var memory, goroutines []float64
	count := 0
	for range 4 * minutes { // four looks a minute
		for i := range len(mix) {
			count += len(work(b, s, mix[i], 15*time.Second/time.Duration(len(mix))))
		}
		memory, goroutines = append(memory, s.gauge("process_resident_memory_bytes")), append(goroutines, s.gauge("go_goroutines"))
	}
	for b.Loop() { // it was measured over minutes
	}
	half := len(memory) / 2
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(count)/float64(60*minutes), "requests/s")
	b.ReportMetric(median(memory[half:])/(1<<20), "MiB-resident")
	b.ReportMetric(median(goroutines[half:]), "goroutines")
	// the first quarter warms up; then the end may not lie above the middle
	early, late := memory[len(memory)/4:half], memory[len(memory)*3/4:]
	if median(late) > 1.1*median(early) {
		b.Errorf("memory grew from %.0f to %.0f MiB", median(early)/(1<<20), median(late)/(1<<20))
	}
	early, late = goroutines[len(goroutines)/4:half], goroutines[len(goroutines)*3/4:]
	if median(late) > 1.1*median(early)+10 {
		b.Errorf("goroutines grew from %.0f to %.0f", median(early), median(late))
	}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	if len(sorted) == 0 {
		return 0
	}
	return sorted[len(sorted)/2]
}

// gauge is a metric of the server.
func (s *site) gauge(name string) float64 {
	s.t.Helper()
	response, err := http.Get("http://" + s.metrics + "/metrics")
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	found := regexp.MustCompile(fmt.Sprintf(`(?m)^%s (\S+)$`, name)).FindSubmatch(text)
	if found == nil {
		s.t.Fatalf("there is no %s", name)
	}
	value, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		s.t.Fatal(err)
	}
	return value
}
