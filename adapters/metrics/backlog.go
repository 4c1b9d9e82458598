package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"meet/ports"
)

// Backlog shows how much work waits, asked for at each look. While the
// database is away there is nothing to show.
func (r *Registry) Backlog(of ports.Backlog) { r.registry.MustRegister(backlog{of}) }

type backlog struct{ ports.Backlog }

var (
	letters = prometheus.NewDesc("meet_outbox_letters", "Invitations that were not sent yet.", nil, nil)
	events  = prometheus.NewDesc("meet_inbox_events", "Reported events that were not handled yet.", nil, nil)
)

// Describe implements prometheus.Collector.
func (b backlog) Describe(out chan<- *prometheus.Desc) {
	out <- letters
	out <- events
}

const patience = 2 * time.Second

// Collect implements prometheus.Collector.
func (b backlog) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	unsent, unhandled, err := b.Backlog.Backlog(ctx)
	if err != nil {
		return
	}
	out <- prometheus.MustNewConstMetric(letters, prometheus.GaugeValue, float64(unsent))
	out <- prometheus.MustNewConstMetric(events, prometheus.GaugeValue, float64(unhandled))
}
