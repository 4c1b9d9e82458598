// Package analytics tells the product team what people do, without ever
// holding up a request: a bounded queue in front of an interchangeable sink.
package analytics

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"meet/domain"
	"meet/ports"
)

// Message is what leaves: of a person the subject and the anonymised e-mail.
type Message struct {
	Event       string // "" introduces the user
	UserID      string // OIDC subject, "" for a stranger
	AnonymousID string // fresh for each message of a stranger
	Email       string // anonymised
	Properties  map[string]string
}

// Sink sends messages away. It is called by one goroutine.
type Sink interface {
	Send(Message)
	// Close sends what is left; it returns when done or ctx ends.
	Close(ctx context.Context)
}

// Queue implements ports.Analytics.
type Queue struct {
	sink     Sink
	messages chan Message
	dropped  atomic.Int64
	done     chan struct{}

	mu     sync.RWMutex
	closed bool
}

var _ ports.Analytics = (*Queue)(nil)

// NewQueue holds at most size messages; Run has to be called.
func NewQueue(sink Sink, size int) *Queue {
	return &Queue{sink: sink, messages: make(chan Message, size), done: make(chan struct{})}
}

// Run hands messages to the sink until Close.
func (q *Queue) Run() {
	defer close(q.done)
	for message := range q.messages {
		q.sink.Send(message)
	}
}

// Close takes no more messages and sends what is left, until ctx ends.
func (q *Queue) Close(ctx context.Context) {
	q.mu.Lock()
	q.closed = true
	close(q.messages)
	q.mu.Unlock()
	select {
	case <-q.done:
		q.sink.Close(ctx)
	case <-ctx.Done():
	}
	if lost := q.dropped.Load(); lost > 0 {
		slog.WarnContext(ctx, "analytics messages were dropped", "count", lost)
	}
}

// Dropped is how many messages found the queue full.
func (q *Queue) Dropped() int64 { return q.dropped.Load() }

// Identify implements ports.Analytics.
func (q *Queue) Identify(_ context.Context, user domain.User) {
	if user.SignedIn() {
		q.put(Message{UserID: user.Identity(), Email: user.AnonymizedEmail()})
	}
}

// Track implements ports.Analytics.
func (q *Queue) Track(_ context.Context, user domain.User, activity domain.Activity) {
	message := Message{Event: activity.Name, Properties: activity.Properties}
	if user.SignedIn() {
		message.UserID = user.Identity()
	} else {
		message.AnonymousID = uuid.NewString()
	}
	q.put(message)
}

func (q *Queue) put(message Message) {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.closed {
		return
	}
	select {
	case q.messages <- message:
	default:
		q.dropped.Add(1)
	}
}
