// Package metrics counts what happens and shows it to Prometheus.
package metrics

import (
	"database/sql"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"meet/domain"
	"meet/ports"
)

// Registry holds all metrics of a process.
type Registry struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	inFlight  prometheus.Gauge
	signIns   *prometheus.CounterVec
	tokens    prometheus.Counter
	knocks    *prometheus.CounterVec
	decisions *prometheus.CounterVec
	waits     prometheus.Histogram
	events    *prometheus.CounterVec
	lag       prometheus.Histogram
	calls     *prometheus.HistogramVec
}

var _ ports.Meter = (*Registry)(nil)

// Buckets of seconds: requests, waits of people, and what comes by webhook.
var (
	quick = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25}
	human = []float64{1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800}
	late  = []float64{.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600}
)

// New is the metrics of the build.
func New(version, commit string) *Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	with := promauto.With(registry)
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return with.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	with.NewGaugeVec(prometheus.GaugeOpts{Name: "meet_build_info", Help: "What runs; always 1."},
		[]string{"version", "commit"}).WithLabelValues(version, commit).Set(1)
	return &Registry{
		registry: registry,
		requests: counter("meet_http_requests_total", "Answered HTTP requests.", "method", "route", "status"),
		durations: with.NewHistogramVec(prometheus.HistogramOpts{
			Name: "meet_http_request_duration_seconds", Help: "Time to the answer; of held requests that after they were held.", Buckets: quick}, []string{"method", "route"}),
		inFlight:  with.NewGauge(prometheus.GaugeOpts{Name: "meet_http_requests_in_flight", Help: "Requests that are not answered yet, held ones included."}),
		signIns:   counter("meet_sign_ins_total", "Trips to the OpenID provider by how they ended.", "outcome"),
		tokens:    with.NewCounter(prometheus.CounterOpts{Name: "meet_tokens_minted_total", Help: "Signed LiveKit access tokens."}),
		knocks:    counter("meet_lobby_knocks_total", "People who asked to be let in.", "status"),
		decisions: counter("meet_lobby_decisions_total", "Decisions of moderators on those.", "status"),
		waits:     with.NewHistogram(prometheus.HistogramOpts{Name: "meet_lobby_wait_seconds", Help: "Time from the knock to the decision.", Buckets: human}),
		events:    counter("meet_webhook_events_total", "Events that LiveKit reported.", "outcome"),
		lag:       with.NewHistogram(prometheus.HistogramOpts{Name: "meet_webhook_lag_seconds", Help: "Time from an event to its report.", Buckets: late}),
		calls: with.NewHistogramVec(prometheus.HistogramOpts{
			Name: "meet_livekit_call_duration_seconds", Help: "Calls of LiveKit's API.", Buckets: quick}, []string{"call", "outcome"}),
	}
}

// Handler shows the metrics (Prometheus text format, or OpenMetrics).
func (r *Registry) Handler() http.Handler {
	return promhttp.HandlerFor(r.registry, promhttp.HandlerOpts{Registry: r.registry})
}

// InFlight counts the requests that next is busy with.
func (r *Registry) InFlight(next http.Handler) http.Handler {
	return promhttp.InstrumentHandlerInFlight(r.inFlight, next)
}

// Pool shows the state of the database's connections.
func (r *Registry) Pool(pool *sql.DB) {
	r.registry.MustRegister(collectors.NewDBStatsCollector(pool, "meet"))
}

// Dropped shows how many messages of analytics were lost.
func (r *Registry) Dropped(count func() int64) {
	promauto.With(r.registry).NewCounterFunc(prometheus.CounterOpts{
		Name: "meet_analytics_dropped_total", Help: "Messages to the product team that found the queue full.",
	}, func() float64 { return float64(count()) })
}

// known are the methods that count by name: there are endless others.
var known = map[string]bool{"GET": true, "HEAD": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true, "OPTIONS": true}

// Answered implements ports.Meter.
func (r *Registry) Answered(method, route string, status int, took time.Duration) {
	if !known[method] {
		method = "other"
	}
	if route == "" {
		route = "none"
	}
	r.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	r.durations.WithLabelValues(method, route).Observe(took.Seconds())
}

// SignIn implements ports.Meter.
func (r *Registry) SignIn(outcome domain.SignInOutcome) {
	r.signIns.WithLabelValues(string(outcome)).Inc()
}

// Called implements ports.Meter.
func (r *Registry) Called(method string, outcome domain.CallOutcome, took time.Duration) {
	r.calls.WithLabelValues(method, string(outcome)).Observe(took.Seconds())
}
