// Package client is a browser without a screen, for tests over HTTP.
package client

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

// Client keeps cookies and follows redirects.
type Client struct {
	HTTP    *http.Client
	Header  http.Header // sent with every request of Do
	t       testing.TB
	address string
}

// New is a client of the server at scheme://host:port.
func New(t testing.TB, address string) *Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Client{HTTP: &http.Client{Jar: jar}, t: t, address: address}
}

// Do makes a request; the body is sent as JSON.
func (c *Client) Do(method, target string, body any) (int, map[string]any) {
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
	for name, values := range c.Header {
		request.Header[name] = values
	}
	request.Header.Set("Content-Type", "application/json")
	for _, cookie := range c.HTTP.Jar.Cookies(request.URL) {
		if cookie.Name == "csrftoken" {
			request.Header.Set("X-CSRFToken", cookie.Value)
		}
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	var decoded map[string]any
	_ = json.Unmarshal(text, &decoded)
	return response.StatusCode, decoded
}

// Must is do with the status that the test expects.
func (c *Client) Must(status int, method, target string, body any) map[string]any {
	c.t.Helper()
	got, decoded := c.Do(method, target, body)
	if got != status {
		c.t.Fatalf("%s %s: got %d %v, want %d", method, target, got, decoded, status)
	}
	return decoded
}

// SignIn goes through the demo provider as one of its people.
func (c *Client) SignIn(subject string) {
	c.t.Helper()
	page := c.fetch(http.MethodGet, c.address+"/api/v1.0/authenticate/", nil)
	form := url.Values{"id": {page.Query().Get("id")}, "subject": {subject}}
	page.RawQuery = ""
	c.fetch(http.MethodPost, page.String(), form)
	c.Must(http.StatusOK, http.MethodGet, "/users/me/", nil)
}

// fetch follows redirects and tells where they ended.
func (c *Client) fetch(method, target string, form url.Values) *url.URL {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, target, strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := c.HTTP.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.Request.URL
}

// NewRoom makes a room with a name of its own.
func (c *Client) NewRoom() map[string]any {
	c.t.Helper()
	return c.Must(http.StatusCreated, http.MethodPost, "/rooms/", map[string]any{"name": "room " + uuid.NewString()[:13]})
}

// Cookies is the Cookie header that the client would send.
func (c *Client) Cookies() string {
	c.t.Helper()
	address, err := url.Parse(c.address)
	if err != nil {
		c.t.Fatal(err)
	}
	var pairs []string
	for _, cookie := range c.HTTP.Jar.Cookies(address) {
		pairs = append(pairs, cookie.Name+"="+cookie.Value)
	}
	return strings.Join(pairs, "; ")
}

// Headers are those of a JSON request that the client would send.
func (c *Client) Headers() http.Header {
	c.t.Helper()
	header := http.Header{"Content-Type": {"application/json"}, "Cookie": {c.Cookies()}}
	for _, pair := range strings.Split(c.Cookies(), "; ") {
		if token, found := strings.CutPrefix(pair, "csrftoken="); found {
			header.Set("X-CSRFToken", token)
		}
	}
	return header
}
