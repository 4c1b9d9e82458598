package httpapi

import (
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// maxWait is the longest that an answer is held back.
const maxWait = 20 * time.Second

// preferredWait is for how long the client would have an answer held back
// until something changes: "Prefer: wait=20" (RFC 7240, 4.3).
func preferredWait(c echo.Context) time.Duration {
	for _, line := range c.Request().Header.Values("Prefer") {
		for _, preference := range strings.Split(line, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(preference), "=")
			seconds, err := strconv.Atoi(strings.Trim(strings.TrimSpace(value), `"`))
			if !strings.EqualFold(strings.TrimSpace(name), "wait") || err != nil || seconds <= 0 {
				continue
			}
			wait := min(time.Duration(min(seconds, 3600))*time.Second, maxWait)
			c.Response().Header().Set("Preference-Applied", "wait="+strconv.Itoa(int(wait.Seconds())))
			return wait
		}
	}
	return 0
}
