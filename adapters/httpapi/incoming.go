package httpapi

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"meet/domain"
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
	maxIncoming  = 16 << 20            // bytes that all bodies together take in memory
	maxStrangers = maxIncoming / 4 * 3 // of them, those of strangers
	maxPerClient = maxIncoming / 4     // those of one subscriber
	maxPerRange  = maxIncoming / 2     // those of a larger network
	valueCost    = 128                 // bytes that a decoded value takes, about
	partValues   = 8                   // values that a part of a multipart body counts for
	bodyPatience = 10 * time.Second
)

// share is a part of the memory for bodies, and how many bytes it has.
type share struct {
	name string
	most int
}

// sharesOf are those in which a body from the address is booked. Known callers
// have shares of their own: strangers, not even those behind the same address,
// take nothing of them.
func sharesOf(address string, known bool) []share {
	shares, whose := []share{{"all", maxIncoming}}, "known "
	if !known {
		shares, whose = append(shares, share{"strangers", maxStrangers}), ""
	}
	most := maxPerClient
	for _, network := range domain.Networks(address) {
		shares = append(shares, share{whose + network.Name, most})
		most = maxPerRange
	}
	return shares
}

// incoming knows what the bodies of all requests take in memory, and bounds
// it: for one client and for its networks, so that nobody takes everybody's
// share, and for all.
type incoming struct {
	mu    sync.Mutex
	taken map[string]int // by share
}

func (m *incoming) take(shares []share, bytes int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range shares {
		if m.taken[s.name]+bytes > s.most {
			return false
		}
	}
	for _, s := range shares {
		m.taken[s.name] += bytes
	}
	return true
}

func (m *incoming) give(shares []share, bytes int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range shares {
		if m.taken[s.name] -= bytes; m.taken[s.name] <= 0 {
			delete(m.taken, s.name)
		}
	}
}

// body is that of one request: read once, when somebody asks for it, within
// the limit of its endpoint and of what all may take.
type body struct {
	source  *http.Request
	writer  http.ResponseWriter
	memory  *incoming
	client  string // its address
	shares  []share
	limit   int
	taken   int
	content []byte
	err     error
	read    bool
}

// newBody bounds the body of a client's request; it is to be forgotten when
// the request ends.
func (s *Server) newBody(w http.ResponseWriter, r *http.Request, client string, limit int) *body {
	return &body{source: r, writer: w, memory: &s.incoming, client: client, shares: sharesOf(client, false), limit: limit}
}

const bodyKey = "body"

// bodyOf is the body of the request, an empty one for those that have none.
func bodyOf(c echo.Context) *body {
	if found, is := c.Get(bodyKey).(*body); is {
		return found
	}
	return &body{read: true}
}

// known says that the caller has proved who it is. It is to be said before the
// body is read.
func (b *body) known() {
	if !b.read {
		b.shares = sharesOf(b.client, true)
	}
}

// forget gives back what the body took.
func (b *body) forget() {
	if b.taken > 0 {
		b.memory.give(b.shares, b.taken)
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
	if bytes == 0 || !b.memory.take(b.shares, bytes) {
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
