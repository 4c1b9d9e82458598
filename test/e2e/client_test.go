package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// client is a browser without a screen.
type client struct {
	*http.Client
	t       testing.TB
	address string // scheme://host:port
}

func newClient(t testing.TB, address string) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{&http.Client{Jar: jar}, t, address}
}

// do makes a request; the body is sent as JSON.
func (c *client) do(method, target string, body any) (int, map[string]any) {
	c.t.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		content = strings.NewReader(string(text))
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.address+"/api/v1.0"+target, content)
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	for _, cookie := range c.Jar.Cookies(request.URL) {
		if cookie.Name == "csrftoken" {
			request.Header.Set("X-CSRFToken", cookie.Value)
		}
	}
	response, err := c.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	var decoded map[string]any
	_ = json.Unmarshal(text, &decoded)
	return response.StatusCode, decoded
}

// must is do with the status that the test expects.
func (c *client) must(status int, method, target string, body any) map[string]any {
	c.t.Helper()
	got, decoded := c.do(method, target, body)
	if got != status {
		c.t.Fatalf("%s %s: got %d %v, want %d", method, target, got, decoded, status)
	}
	return decoded
}

// signIn goes through the demo provider as one of its people.
func (c *client) signIn(subject string) {
	c.t.Helper()
	page := c.fetch(http.MethodGet, c.address+"/api/v1.0/authenticate/", nil)
	form := url.Values{"id": {page.Query().Get("id")}, "subject": {subject}}
	page.RawQuery = ""
	c.fetch(http.MethodPost, page.String(), form)
	c.must(http.StatusOK, http.MethodGet, "/users/me/", nil)
}

// fetch follows redirects and tells where they ended.
func (c *client) fetch(method, target string, form url.Values) *url.URL {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, target, strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := c.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.Request.URL
}

// newRoom makes a room with a name of its own.
func (c *client) newRoom() map[string]any {
	c.t.Helper()
	return c.must(http.StatusCreated, http.MethodPost, "/rooms/", map[string]any{"name": "room " + uuid.NewString()[:13]})
}
