package httpapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
)

const (
	mimeJSON      = "application/json"
	mimeMultipart = "multipart/form-data"
	mimeForm      = "application/x-www-form-urlencoded"
)

const maxPooled = 64 << 10 // bytes

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// respond writes compact JSON, as UTF-8 without escapes that are not needed.
func respond(c echo.Context, status int, body any) error {
	buffer := buffers.Get().(*bytes.Buffer)
	defer func() {
		if buffer.Cap() <= maxPooled {
			buffers.Put(buffer)
		}
	}()
	buffer.Reset()
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	if strings.Contains(c.Request().Header.Get(echo.HeaderAccept), "indent=4") {
		encoder.SetIndent("", "    ")
	}
	if err := encoder.Encode(body); err != nil {
		return err
	}
	return c.Blob(status, mimeJSON, bytes.TrimSuffix(buffer.Bytes(), []byte("\n")))
}

func noContent(c echo.Context) error {
	return c.NoContent(http.StatusNoContent)
}

// acceptable checks that the client takes JSON: 406, or 404 for another format.
func acceptable(request *http.Request) error {
	if strings.Contains(request.URL.RawQuery, "format=") { // looked at more closely only then
		formats := request.URL.Query()["format"]
		if last := len(formats) - 1; last >= 0 && formats[last] != "" && formats[last] != "json" {
			return errNoRoute
		}
	}
	values, given := request.Header[echo.HeaderAccept]
	if !given {
		return nil
	}
	for _, part := range strings.Split(strings.Join(values, ","), ",") {
		kind, _, _ := strings.Cut(part, ";")
		switch strings.ToLower(strings.TrimSpace(kind)) {
		case "*/*", "application/*", mimeJSON:
			return nil
		}
	}
	return errNotAcceptable
}
