package fake

import (
	"context"
	"sync"

	"meet/domain"
	"meet/ports"
)

// Mailer implements ports.Mailer by remembering.
type Mailer struct {
	mu   sync.Mutex
	Err  error
	Sent []domain.Letter
}

var _ ports.Mailer = (*Mailer)(nil)

// Send implements ports.Mailer.
func (m *Mailer) Send(_ context.Context, letter domain.Letter) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.Err == nil {
		m.Sent = append(m.Sent, letter)
	}
	return m.Err
}
