package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"html"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// Files is a built single-page application with an index.html.
type Files = fs.FS

// frontend serves the web client: its files, and its index.html for every
// other address, because the client has its own routes.
type frontend struct {
	files   Files
	tip     string // shown while there is no index.html
	foreign bool
	zipped  echo.HandlerFunc
}

func newFrontend(config Config) *frontend {
	f := &frontend{files: config.FrontendFiles, tip: config.FrontendUnbuiltTip, foreign: config.FrontendIsForeign}
	f.zipped = middleware.GzipWithConfig(middleware.GzipConfig{MinLength: 1024, Skipper: compressed})(f.file)
	return f
}

// compressed skips what does not shrink and what is asked for in parts.
func compressed(c echo.Context) bool {
	switch path.Ext(c.Request().URL.Path) {
	case ".png", ".jpg", ".jpeg", ".webp", ".gif", ".woff", ".woff2", ".mp3", ".mp4", ".ogg", ".zip", ".gz", ".br":
		return true
	}
	return c.Request().Header.Get("Range") != ""
}

const ourPolicy = "default-src 'self'; connect-src 'self' http: https: ws: wss:; img-src 'self' data: blob:; " +
	"media-src 'self' blob: mediastream:; style-src 'self'; script-src 'self'; worker-src 'self' blob:; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

func (f *frontend) serve(c echo.Context) error {
	if method := c.Request().Method; method != http.MethodGet && method != http.MethodHead {
		return errNoRoute
	}
	if !f.foreign {
		c.Response().Header().Set("Content-Security-Policy", ourPolicy)
	}
	return f.zipped(c)
}

// hashed matches names that change with their content.
var hashed = regexp.MustCompile(`[.-][0-9A-Za-z_-]{8,}\.[a-z0-9]+$`)

func (f *frontend) file(c echo.Context) error {
	name := strings.TrimPrefix(path.Clean("/"+c.Request().URL.Path), "/")
	content, err := f.read(name)
	if err != nil && strings.Contains(path.Base(name), ".") && strings.HasPrefix(name, "assets/") {
		return errNoRoute // a file of an older build, not a page
	}
	if err != nil {
		name = "index.html"
		content, err = f.read(name)
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
	sum := sha256.Sum256(content)
	tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
	header.Set("ETag", tag)
	if c.Request().Header.Get("If-None-Match") == tag {
		return c.NoContent(http.StatusNotModified)
	}
	kind := mime.TypeByExtension(path.Ext(name))
	if kind == "" {
		kind = http.DetectContentType(content)
	}
	return c.Blob(http.StatusOK, kind, content)
}

// read is the content of a file; folders and hidden files do not exist.
func (f *frontend) read(name string) ([]byte, error) {
	if name == "" || f.files == nil || strings.Contains("/"+name, "/.") || !fs.ValidPath(name) {
		return nil, fs.ErrNotExist
	}
	if info, err := fs.Stat(f.files, name); err != nil || info.IsDir() {
		return nil, fs.ErrNotExist
	}
	return fs.ReadFile(f.files, name)
}

// page is a small page for people, without scripts or styles from elsewhere.
func page(c echo.Context, status int, title, text string) error {
	return c.HTML(status, `<!doctype html><html lang="en"><head><meta charset="utf-8">`+
		`<meta name="viewport" content="width=device-width"><title>`+html.EscapeString(title)+`</title></head><body><main><h1>`+
		html.EscapeString(title)+`</h1><p>`+html.EscapeString(text)+`</p><p><a href="/">Back</a></p></main></body></html>`)
}
