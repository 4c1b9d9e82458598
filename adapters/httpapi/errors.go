package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"meet/domain"
)

// refusal is a failure that only HTTP knows.
type refusal struct {
	status int
	detail string
	header map[string]string
}

func (r *refusal) Error() string { return r.detail }

var (
	errNoRoute       = &refusal{status: http.StatusNotFound, detail: "Not found."}
	errNotAcceptable = &refusal{status: http.StatusNotAcceptable, detail: "Could not satisfy the request Accept header."}
	errTooLarge      = &refusal{status: http.StatusRequestEntityTooLarge, detail: "The request body is too large."}
	errTooSlow       = &refusal{status: http.StatusRequestTimeout, detail: "The request body took too long."}
	errBusy          = &refusal{
		status: http.StatusServiceUnavailable, detail: "The server is busy. Please try again later.", header: map[string]string{"Retry-After": "1"},
	}
	errCrowded = &refusal{
		status: http.StatusServiceUnavailable, detail: domain.ErrLobbyFull.Detail, header: map[string]string{"Retry-After": "5"},
	}
	errBadHost = &refusal{status: http.StatusBadRequest, detail: "Invalid Host header."}
)

func methodNotAllowed(method string) error {
	return &refusal{status: http.StatusMethodNotAllowed, detail: fmt.Sprintf("Method \"%s\" not allowed.", domain.Excerpt(method))}
}

func badRequest(detail string) error {
	return &refusal{status: http.StatusBadRequest, detail: detail}
}

func tooMany(seconds int) error {
	unit := "seconds"
	if seconds == 1 {
		unit = "second"
	}
	return &refusal{
		status: http.StatusTooManyRequests,
		detail: fmt.Sprintf("Request was throttled. Expected available in %d %s.", seconds, unit),
		header: map[string]string{"Retry-After": strconv.Itoa(seconds)},
	}
}

var statuses = map[domain.Kind]int{
	domain.Invalid:         http.StatusBadRequest,
	domain.Unauthenticated: http.StatusUnauthorized,
	domain.Forbidden:       http.StatusForbidden,
	domain.NotFound:        http.StatusNotFound,
	domain.Throttled:       http.StatusTooManyRequests,
	domain.Unavailable:     http.StatusServiceUnavailable,
	domain.Upstream:        http.StatusBadGateway,
	domain.Timeout:         http.StatusGatewayTimeout,
	domain.Refused:         http.StatusInternalServerError,
}

type detail struct {
	Detail string `json:"detail"`
}

// fail is echo's error handler: it answers, and logs what is our fault.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status, body := s.translate(err, c)
	if errors.Is(c.Request().Context().Err(), context.Canceled) { // the client went away
		slog.DebugContext(c.Request().Context(), "request abandoned", "error", err)
	} else if status >= http.StatusInternalServerError {
		slog.ErrorContext(c.Request().Context(), "request failed", "error", logged(err), "status", status,
			"method", domain.Excerpt(c.Request().Method), "path", domain.Excerpt(c.Request().URL.Path))
	}
	if status == http.StatusUnauthorized && c.Response().Header().Get(echo.HeaderWWWAuthenticate) == "" {
		c.Response().Header().Set(echo.HeaderWWWAuthenticate, "Session")
	}
	if err := respond(c, status, body); err != nil {
		slog.DebugContext(c.Request().Context(), "answer not delivered", "error", err)
	}
}

func (s *Server) translate(err error, c echo.Context) (int, any) {
	if refused, ok := errors.AsType[*refusal](err); ok {
		for name, value := range refused.header {
			c.Response().Header().Set(name, value)
		}
		return refused.status, detail{refused.detail}
	}
	if worded, ok := errors.AsType[*wording](err); ok {
		return worded.status, map[string]string{worded.field: worded.text}
	}
	if known, ok := errors.AsType[*domain.Error](err); ok && known.Kind != domain.Internal {
		if known.Kind == domain.Throttled {
			c.Response().Header().Set("Retry-After", "5") // seconds; nobody knows better
		}
		if len(known.Fields) > 0 {
			return statuses[known.Kind], viewProblems(known.Fields)
		}
		return statuses[known.Kind], detail{domain.Shorten(known.Detail, maxText)}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return http.StatusGatewayTimeout, detail{"The request took too long."}
	}
	if framework, ok := errors.AsType[*echo.HTTPError](err); ok && framework.Code < http.StatusInternalServerError {
		return framework.Code, detail{http.StatusText(framework.Code)}
	}
	return http.StatusInternalServerError, detail{"A server error occurred."}
}

// configurationProblem is a problem inside a structured value, in the words
// of the schema library whose output clients know.
type configurationProblem struct {
	Type  string            `json:"type"`
	Loc   []string          `json:"loc"`
	Msg   string            `json:"msg"`
	Input any               `json:"input"`
	Ctx   map[string]string `json:"ctx,omitempty"`
	URL   string            `json:"url"`
}

func viewProblems(fields map[string][]domain.Problem) map[string]any {
	body := map[string]any{}
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		body[field] = viewField(fields[field])
	}
	return body
}

// viewField is a list of problems; those of parts of a field that is a list
// are lists by part.
func viewField(problems []domain.Problem) any {
	var list []any
	parts := map[string][]string{}
	for _, problem := range problems {
		switch {
		case problem.Code == "" && len(problem.Path) == 1:
			parts[problem.Path[0]] = append(parts[problem.Path[0]], domain.Shorten(problem.Text, maxText))
		case problem.Code == "":
			list = append(list, domain.Shorten(problem.Text, maxText))
		default:
			list = append(list, configurationProblem{
				Type: problem.Code, Loc: cutAll(problem.Path), Msg: problem.Text, Input: repeated(problem.Input),
				Ctx: problem.Context, URL: "https://errors.pydantic.dev/2.13/v/" + problem.Code,
			})
		}
	}
	if len(parts) > 0 {
		return parts
	}
	return list
}
