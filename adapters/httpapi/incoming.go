package httpapi

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// Sizes of bodies in bytes, as the table of endpoints declares them.
const (
	smallBody   = 16 << 10 // where nothing else is said
	knockBody   = 4 << 10
	listBody    = 64 << 10 // of e-mail addresses
	liveBody    = 128 << 10
	webhookBody = 1 << 20
)

const (
	maxIncoming  = 16 << 20 // bytes that all bodies together take in memory
	maxPerClient = maxIncoming / 4
	valueCost    = 128 // bytes that a decoded value takes, about
	partValues   = 8   // values that a part of a multipart body counts for
	bodyPatience = 10 * time.Second
)

// incoming knows what the bodies of all requests take in memory, and bounds
// it: for one client, so that it does not take everybody's, and for all.
type incoming struct {
	mu      sync.Mutex
	all     int
	clients map[string]int
}

func (m *incoming) take(client string, bytes int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.all+bytes > maxIncoming || m.clients[client]+bytes > maxPerClient {
		return false
	}
	m.all += bytes
	m.clients[client] += bytes
	return true
}

func (m *incoming) give(client string, bytes int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all -= bytes
	if m.clients[client] -= bytes; m.clients[client] <= 0 {
		delete(m.clients, client)
	}
}

// body is that of one request: read once, when somebody asks for it, within
// the limit of its endpoint and of what all may take.
type body struct {
	source  *http.Request
	writer  http.ResponseWriter
	memory  *incoming
	client  string
	limit   int
	taken   int
	content []byte
	err     error
	read    bool
}

// newBody bounds the body of a client's request; it is to be forgotten when
// the request ends.
func (s *Server) newBody(w http.ResponseWriter, r *http.Request, client string, limit int) *body {
	return &body{source: r, writer: w, memory: &s.incoming, client: client, limit: limit}
}

const bodyKey = "body"

// bodyOf is the body of the request, an empty one for those that have none.
func bodyOf(c echo.Context) *body {
	if found, is := c.Get(bodyKey).(*body); is {
		return found
	}
	return &body{read: true}
}

// forget gives back what the body took.
func (b *body) forget() {
	if b.taken > 0 {
		b.memory.give(b.client, b.taken)
		b.taken, b.content = 0, nil
	}
}

// bytes is the body's content.
func (b *body) bytes() ([]byte, error) {
	if b.read {
		return b.content, b.err
	}
	b.read = true
	if b.source.ContentLength > int64(b.limit) {
		b.err = errTooLarge
		return nil, b.err
	}
	control := http.NewResponseController(b.writer)
	bounded := control.SetReadDeadline(time.Now().Add(bodyPatience)) == nil
	content, err := io.ReadAll(b)
	switch refused, is := errors.AsType[*refusal](err); {
	case is:
		b.err = refused
	case errors.Is(err, os.ErrDeadlineExceeded):
		b.err = errTooSlow
	case err != nil:
		b.err = badRequest("The request body could not be read.")
	default:
		b.content = content
		if bounded {
			_ = control.SetReadDeadline(time.Time{}) // it could be set before
		}
	}
	return b.content, b.err
}

// Read implements io.Reader: it passes the body on for as long as there is
// room for it. What reads it doubles its buffer as it grows.
func (b *body) Read(into []byte) (int, error) {
	n, err := b.source.Body.Read(into)
	if b.limit -= n; b.limit < 0 {
		return 0, errTooLarge
	}
	if !b.charge(2 * n) {
		return 0, errBusy
	}
	return n, err
}

func (b *body) charge(bytes int) bool {
	if bytes == 0 || !b.memory.take(b.client, bytes) {
		return bytes == 0
	}
	b.taken += bytes
	return true
}

// afford makes room for so many values, which the body becomes once it is
// decoded.
func (b *body) afford(values int) error {
	if !b.charge(values * valueCost) {
		return errBusy
	}
	return nil
}
