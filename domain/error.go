package domain

import "errors"

// Kind says what sort of failure an Error is; adapters translate it.
type Kind int

// The kinds of failure.
const (
	Internal        Kind = iota // not the caller's fault, not to be told
	Invalid                     // the input breaks a rule
	Unauthenticated             // the caller has to sign in first
	Forbidden                   // the caller may not do this
	NotFound                    // there is no such thing
	Throttled                   // too many requests
	Unavailable                 // we cannot do it at the moment, as when our storage is away
	Upstream                    // an outside system failed
	Timeout                     // an outside system did not answer in time
	Refused                     // an outside system answered that it will not
)

// Error is a failure the caller may be told about.
type Error struct {
	Kind   Kind
	Detail string               // one English sentence
	Fields map[string][]Problem // refused input, by field
}

// Problem is one reason why a value was refused.
type Problem struct {
	Text string // one English sentence

	// The following describe a problem inside a structured value, such as a
	// room configuration; Code is empty for plain fields.
	Code    string
	Path    []string
	Input   any
	Context map[string]string
}

// Error implements error.
func (e *Error) Error() string {
	if e.Detail != "" {
		return e.Detail
	}
	for field, problems := range e.Fields {
		if len(problems) > 0 {
			return field + ": " + problems[0].Text
		}
	}
	return "invalid input"
}

// KindOf is the kind of the first Error that err wraps, or Internal.
func KindOf(err error) Kind {
	var known *Error
	if errors.As(err, &known) {
		return known.Kind
	}
	return Internal
}

// InvalidField is the refusal of one field for one reason.
func InvalidField(field, text string) *Error {
	return &Error{Kind: Invalid, Fields: map[string][]Problem{field: {{Text: text}}}}
}

// WholeObject is the name under which problems of an object as a whole stand.
const WholeObject = "non_field_errors"

// ErrForbidden refuses what the caller's role does not allow.
var ErrForbidden = &Error{Kind: Forbidden, Detail: "You do not have permission to perform this action."}

// ErrUnauthenticated refuses what only signed-in people may do.
var ErrUnauthenticated = &Error{Kind: Unauthenticated, Detail: "Authentication credentials were not provided."}

// ErrNotFound says that an address does not lead anywhere.
var ErrNotFound = &Error{Kind: NotFound, Detail: "Not found."}

// ErrInvalidPage refuses a page number outside the list.
var ErrInvalidPage = &Error{Kind: NotFound, Detail: "Invalid page."}
