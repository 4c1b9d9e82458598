package httpapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
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
	maxHeldBody  = 64 << 10         // bytes
	heldPatience = 10 * time.Second // for the answer, once there is news
)

// ServeHTTP implements http.Handler. Knocks that may wait are served aside:
// their answers are short, so that none holds its place for a slow reader.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if len(r.Header["Prefer"]) == 0 || !strings.HasSuffix(strings.TrimSuffix(r.URL.Path, "/"), "/request-entry") {
		s.echo.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxHeldBody+1))
	if err != nil || len(body) > maxHeldBody {
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), r.Body))
		s.echo.ServeHTTP(w, r)
		return
	}
	body = slices.Clone(body) // as short as it is
	held := new(hold)
	first, done := context.WithTimeout(r.Context(), requestLimit)
	s.aside(w, r.WithContext(first), held, body)
	done()
	if held.wait == 0 {
		return
	}
	clear(w.Header())
	s.gathered.grow()
	defer s.gathered.shrink()
	s.Lobby.Await(r.Context(), held.room, held.id, held.wait)
	held.spent = true
	// the lobby hears of who has gone away, too
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), heldPatience)
	defer cancel()
	s.aside(w, r.WithContext(ctx), held, body)
}

// aside serves on a stack of its own, which is gone while the request waits;
// few at a time, so that the stacks of a crowd are not all there at once.
func (s *Server) aside(w http.ResponseWriter, r *http.Request, held *hold, body []byte) {
	select {
	case s.asides <- struct{}{}:
		defer func() { <-s.asides }()
	case <-r.Context().Done():
		w.Header().Set("Content-Type", mimeJSON)
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"detail":"Too many people are waiting. Please try again later."}`)
		return
	}
	done := make(chan any)
	go func() {
		defer func() { done <- recover() }()
		again := r.WithContext(context.WithValue(r.Context(), holdKey{}, held))
		again.Body = io.NopCloser(bytes.NewReader(body))
		s.echo.ServeHTTP(w, again)
	}()
	if trouble := <-done; trouble != nil {
		panic(trouble) // net/http knows what to do
	}
}
