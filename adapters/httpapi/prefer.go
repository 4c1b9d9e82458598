package httpapi

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// maxWait is the longest that an answer is held back.
const maxWait = 20 * time.Second

// preferredWait is for how long the client would have an answer held back
// until something changes: "Prefer: wait=20" (RFC 7240, 4.3).
func preferredWait(request *http.Request) time.Duration {
	for _, line := range request.Header.Values("Prefer") {
		for _, preference := range strings.Split(line, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(preference), "=")
			seconds, err := strconv.Atoi(strings.Trim(strings.TrimSpace(value), `"`))
			if !strings.EqualFold(strings.TrimSpace(name), "wait") || err != nil || seconds <= 0 {
				continue
			}
			return min(time.Duration(min(seconds, 3600))*time.Second, maxWait)
		}
	}
	return 0
}

// applyWait is preferredWait for a handler that does so, and says it.
func applyWait(c echo.Context) time.Duration {
	wait := preferredWait(c.Request())
	if wait > 0 {
		c.Response().Header().Set("Preference-Applied", "wait="+strconv.Itoa(int(wait.Seconds())))
	}
	return wait
}
