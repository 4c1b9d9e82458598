package ports

import (
	"context"
	"time"

	"meet/domain"
)

// Meter counts what happens, for the operator. It never blocks and never
// fails.
type Meter interface {
	// Answered counts an HTTP request by the pattern of its route, "" for
	// none.
	Answered(method, route string, status int, took time.Duration)
	// SignIn counts a trip to the OpenID provider by how it ended.
	SignIn(outcome domain.SignInOutcome)
	// Called counts a call of LiveKit's API, by method and how it ended.
	Called(method string, outcome domain.CallOutcome, took time.Duration)
}

// Backlog tells how much work waits in the database.
type Backlog interface {
	// Backlog is the letters that were not sent and the events that were not
	// handled yet.
	Backlog(ctx context.Context) (letters, events int, err error)
}
