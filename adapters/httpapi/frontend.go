package httpapi

import (
	"errors"
	"html"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// Files is a built single-page application with an index.html.
type Files = fs.FS

// frontend serves the web client: its files, and its index.html for every
// other address, because the client has its own routes.
type frontend struct {
	served  *served
	tip     string // shown while there is no index.html
	foreign bool
	framing []string // policy of pages that others may frame, as a header's value
}

func newFrontend(config Config) *frontend {
	return &frontend{
		served: &served{files: config.FrontendFiles, known: map[string]*remembered{}},
		tip:    config.FrontendUnbuiltTip, foreign: config.FrontendIsForeign,
		framing: []string{"frame-ancestors " + strings.Join(config.FrameAncestors, " ")},
	}
}

const ourPolicy = "default-src 'self'; connect-src 'self' http: https: ws: wss:; img-src 'self' data: blob:; " +
	"media-src 'self' blob: mediastream:; style-src 'self'; script-src 'self'; worker-src 'self' blob:; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// embedded is where La Suite Meet's frontend has the pages that are made to be
// framed by other sites: a button, and the window that it opens.
const embedded = "/sdk/"

func (f *frontend) serve(c echo.Context) error {
	request, header := c.Request(), c.Response().Header()
	if method := request.Method; method != http.MethodGet && method != http.MethodHead {
		return errNoRoute
	}
	switch {
	case !f.foreign:
		header.Set("Content-Security-Policy", ourPolicy)
	case strings.HasPrefix(path.Clean(request.URL.Path)+"/", embedded):
		header.Del("X-Frame-Options")
		header.Del("Cross-Origin-Opener-Policy") // the button and its window talk to each other
		header["Content-Security-Policy"] = f.framing
	}
	return f.file(c)
}

// hashed matches names that change with their content.
var hashed = regexp.MustCompile(`[.-][0-9A-Za-z_-]{8,}\.[a-z0-9]+$`)

func (f *frontend) file(c echo.Context) error {
	name := strings.TrimPrefix(path.Clean("/"+c.Request().URL.Path), "/")
	found, err := f.served.find(name)
	if err != nil && strings.Contains(path.Base(name), ".") && strings.HasPrefix(name, "assets/") {
		return errNoRoute // a file of an older build, not a page
	}
	if err != nil {
		name = "index.html"
		found, err = f.served.find(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return page(c, http.StatusOK, "Meet is running", f.tip)
	}
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") && hashed.MatchString(name) {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	kind, shrinks := mediaType(name)
	header.Set(echo.HeaderContentType, kind)
	if shrinks {
		header[echo.HeaderVary] = append(header[echo.HeaderVary], echo.HeaderAcceptEncoding)
		if coded, is := f.served.encoded(name, found, c.Request().Header.Get(echo.HeaderAcceptEncoding)); is && c.Request().Header.Get("Range") == "" {
			found = coded
		}
	}
	return send(c, found)
}

// slowest is how fast a client must read at least, in bytes per second.
const slowest = 32 << 10

// send answers with the content: whole, in part, or not at all when the client
// has it already.
func send(c echo.Context, v variant) error {
	content, err := v.open()
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	header := c.Response().Header()
	header.Set("ETag", v.tag)
	if v.encoding != "" {
		header.Set(echo.HeaderContentEncoding, v.encoding)
		header.Set(echo.HeaderContentLength, strconv.FormatInt(v.size, 10))
	}
	patience := time.Minute + time.Duration(v.size/slowest)*time.Second
	_ = http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(patience)) // tests' recorders have none
	http.ServeContent(c.Response(), c.Request(), "", v.modified, content)
	return nil
}

// takes reports whether the client takes the content encoding (RFC 9110,
// 12.5.3), said by name.
func takes(accept, encoding string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			weight, given := strings.CutPrefix(strings.ReplaceAll(parameters, " ", ""), "q=")
			return !given || strings.Trim(weight, "0.") != ""
		}
	}
	return false
}

// page is a small page for people, without scripts or styles from elsewhere.
func page(c echo.Context, status int, title, text string) error {
	return c.HTML(status, `<!doctype html><html lang="en"><head><meta charset="utf-8">`+
		`<meta name="viewport" content="width=device-width"><title>`+html.EscapeString(title)+`</title></head><body><main><h1>`+
		html.EscapeString(title)+`</h1><p>`+html.EscapeString(text)+`</p><p><a href="/">Back</a></p></main></body></html>`)
}
