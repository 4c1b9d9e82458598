package fake

import (
	"fmt"
	"sync"
	"time"

	"meet/domain"
	"meet/ports"
)

// Meter implements ports.Meter by remembering.
type Meter struct {
	mu      sync.Mutex
	answers map[string]int
	signIns map[domain.SignInOutcome]int
	calls   map[string]int
}

var _ ports.Meter = (*Meter)(nil)

// NewMeter has counted nothing.
func NewMeter() *Meter {
	return &Meter{answers: map[string]int{}, signIns: map[domain.SignInOutcome]int{}, calls: map[string]int{}}
}

// Answered implements ports.Meter.
func (m *Meter) Answered(method, route string, status int, _ time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answers[fmt.Sprint(method, " ", route, " ", status)]++
}

// SignIn implements ports.Meter.
func (m *Meter) SignIn(outcome domain.SignInOutcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.signIns[outcome]++
}

// Called implements ports.Meter.
func (m *Meter) Called(method string, outcome domain.CallOutcome, _ time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls[fmt.Sprint(method, " ", outcome)]++
}

// Answers is how often "METHOD route status" was counted.
func (m *Meter) Answers(request string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.answers[request]
}

// Calls is how often "Method outcome" was counted.
func (m *Meter) Calls(call string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls[call]
}

// SignIns is how often trips ended so.
func (m *Meter) SignIns(outcome domain.SignInOutcome) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.signIns[outcome]
}
