package httpapi

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// hold lets a request wait for news without everything that its handler needs:
// the handler says for what it waits and leaves, and is asked again when that
// has come. Thousands wait at a time.
type hold struct {
	room  uuid.UUID     // of the entry that is waited for, set by the handler
	id    string        // of that entry
	wait  time.Duration // 0: the handler has answered
	spent bool          // the handler is to answer now
	late  bool          // no place became free: the request is refused

	username string // of whoever waits
}

type holdKey struct{}

// errHeld ends a handler that has nothing to say yet.
var errHeld = errors.New("held")

// holdOf is the request's hold, nil for one that will not wait.
func holdOf(c echo.Context) *hold {
	held, _ := c.Request().Context().Value(holdKey{}).(*hold)
	return held
}

// mayHold is the hold of a request that has not waited yet, nil for others.
func mayHold(c echo.Context) *hold {
	if held := holdOf(c); held != nil && !held.spent {
		return held
	}
	return nil
}

const (
	maxAsides    = 64               // requests at a time that are served so
	heldPatience = 10 * time.Second // for the answer, once there is news
)

// ServeHTTP implements http.Handler. Knocks that may wait are served aside.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if len(r.Header["Prefer"]) == 0 || !strings.HasSuffix(strings.TrimSuffix(r.URL.Path, "/"), "/request-entry") {
		s.echo.ServeHTTP(w, r)
		return
	}
	body := s.newBody(w, r, s.clientAddress(r), knockBody)
	defer body.forget()
	content, err := body.bytes()
	if err != nil {
		again := r.WithContext(r.Context())
		again.Body = io.NopCloser(failing{err})
		s.echo.ServeHTTP(w, again)
		return
	}
	held := new(hold)
	first, done := context.WithTimeout(r.Context(), requestLimit)
	answer := s.aside(r.WithContext(first), held, content)
	done()
	if held.wait == 0 {
		answer.send(w)
		return
	}
	body.forget()
	s.gathered.grow()
	defer s.gathered.shrink()
	s.Lobby.Await(r.Context(), held.room, held.id, held.wait)
	held.spent = true
	// the lobby hears of people who have gone away, too
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), heldPatience)
	defer cancel()
	s.aside(r.WithContext(ctx), held, nil).send(w)
}

// aside serves on a stack of its own, which is gone while the request waits;
// few at a time, so that the stacks of a crowd are not all there at once. The
// answer is for its caller to send: nobody holds a place by reading slowly.
func (s *Server) aside(r *http.Request, held *hold, body []byte) *kept {
	answer := &kept{header: http.Header{}}
	select {
	case s.asides <- struct{}{}:
		defer func() { <-s.asides }()
	case <-r.Context().Done():
		held.late = true
		s.echo.ServeHTTP(answer, r.WithContext(context.WithValue(r.Context(), holdKey{}, held)))
		return answer
	}
	done := make(chan any)
	go func() {
		defer func() { done <- recover() }()
		again := r.WithContext(context.WithValue(r.Context(), holdKey{}, held))
		again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		s.echo.ServeHTTP(answer, again)
	}()
	if trouble := <-done; trouble != nil {
		panic(trouble) // net/http knows what to do
	}
	return answer
}

// kept is an answer that is not sent yet.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (k *kept) Header() http.Header { return k.header }

// WriteHeader implements http.ResponseWriter.
func (k *kept) WriteHeader(status int) { k.status = status }

// Write implements http.ResponseWriter.
func (k *kept) Write(text []byte) (int, error) { return k.body.Write(text) }

func (k *kept) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), k.header)
	w.WriteHeader(cmp.Or(k.status, http.StatusOK))
	_, _ = k.body.WriteTo(w) // who has gone away needs no answer
}

// failing is a body that cannot be read.
type failing struct{ err error }

// Read implements io.Reader.
func (f failing) Read([]byte) (int, error) { return 0, f.err }
