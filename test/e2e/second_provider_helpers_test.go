package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	secondProviderDir      = "../secondop"
	secondProviderPatience = 30 * time.Second
)

// installSecondProvider fetches what package-lock.json names, once.
var installSecondProvider = sync.OnceValue(func() error {
	wanted, err := os.Stat(filepath.Join(secondProviderDir, "package-lock.json"))
	if err != nil {
		return err
	}
	installed, err := os.Stat(filepath.Join(secondProviderDir, "node_modules", ".package-lock.json")) // npm writes it last
	if err == nil && !installed.ModTime().Before(wanted.ModTime()) {
		return nil
	}
	command := exec.CommandContext(context.Background(), "npm", "ci", "--no-progress", "--fetch-timeout=60000")
	command.Dir = secondProviderDir
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, output)
	}
	return nil
})

// runSecondProvider starts the provider at the address with its only client.
// It also ends by itself when this process does.
func runSecondProvider(t testing.TB, address string, client map[string]any, requirePKCE bool) {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatal("Node.js is missing. Install it: sudo apt-get install -y nodejs npm")
		}
	}
	if err := installSecondProvider(); err != nil {
		t.Fatal(err)
	}
	registration, err := json.Marshal(client)
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(address)
	command, complaints := exec.CommandContext(context.WithoutCancel(t.Context()), "node", "server.mjs"), new(bytes.Buffer)
	command.Env = append(os.Environ(), "PORT="+port, "CLIENT="+string(registration), fmt.Sprintf("PKCE_REQUIRED=%t", requirePKCE))
	command.Dir, command.Stderr = secondProviderDir, complaints
	output, err := command.StdoutPipe()
	_, held := command.StdinPipe()
	if err := errors.Join(err, held, command.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		if t.Failed() {
			t.Logf("the provider said:\n%s", complaints)
		}
	})
	defer time.AfterFunc(secondProviderPatience, func() { _ = command.Process.Kill() }).Stop()
	lines, ready := bufio.NewScanner(output), false
	for !ready && lines.Scan() {
		ready = lines.Text() == "listening"
	}
	go func() { _, _ = io.Copy(io.Discard, output) }()
	if !ready {
		t.Fatal("the provider does not start")
	}
}

// secondSetup is one way of working together: how the provider knows the
// application, and what the application's environment says.
type secondSetup struct {
	client      map[string]any    // registration at the provider, besides the usual
	requirePKCE bool              // by the provider
	explicit    bool              // endpoints from variables instead of discovery
	backchannel bool              // the provider tells when a session ends
	env         map[string]string // besides the usual
}

// secondStage is the application and the provider behind it.
type secondStage struct {
	t              testing.TB
	site, provider string
}

const secondSecret = "second/secret+with:all%kinds&of=characters" // Basic has to encode it

func startSecondStage(t testing.TB, setup secondSetup) secondStage {
	t.Helper()
	listen, address := free(t, "tcp"), free(t, "tcp")
	stage := secondStage{t: t, site: "http://" + listen, provider: "http://" + address}
	client := map[string]any{
		"client_id": "meet", "client_secret": secondSecret, "token_endpoint_auth_method": "client_secret_post",
		"redirect_uris":             []string{stage.site + "/api/v1.0/callback/"},
		"post_logout_redirect_uris": []string{stage.site + "/api/v1.0/logout-callback/"},
	}
	if setup.backchannel {
		client["backchannel_logout_uri"] = stage.site + "/api/v1.0/backchannel-logout/"
	}
	maps.Copy(client, setup.client)
	runSecondProvider(t, address, client, setup.requirePKCE)

	folder := t.TempDir()
	env := map[string]string{
		"DJANGO_SECRET_KEY": strings.Repeat("second", 8), "DJANGO_ALLOWED_HOSTS": "127.0.0.1", "DJANGO_DATA_DIR": folder,
		"DATABASE_URL": "sqlite://" + filepath.Join(folder, "x.db"), "LISTEN_ADDR": listen,
		"LIVEKIT_API_URL": "http://127.0.0.1:1", "LIVEKIT_API_KEY": "key", "LIVEKIT_API_SECRET": strings.Repeat("secret", 8),
		"OIDC_OP_URL": stage.provider, "OIDC_RP_CLIENT_ID": "meet", "OIDC_RP_CLIENT_SECRET": secondSecret,
		"OIDC_RP_SCOPES":     "openid email profile",
		"LOGIN_REDIRECT_URL": "/welcome", "LOGIN_REDIRECT_URL_FAILURE": "/refused", "LOGOUT_REDIRECT_URL": "/goodbye",
	}
	if setup.explicit {
		for name, key := range map[string]string{
			"OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint", "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
			"OIDC_OP_USER_ENDPOINT": "userinfo_endpoint", "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
			"OIDC_OP_LOGOUT_ENDPOINT": "end_session_endpoint",
		} {
			env[name] = stage.announced(key)
		}
	}
	maps.Copy(env, setup.env)
	startApp(t, env)
	return stage
}

// announced is an entry of the provider's discovery document.
func (s secondStage) announced(key string) string {
	s.t.Helper()
	var document map[string]any
	page := s.visitor().open(s.provider + "/.well-known/openid-configuration")
	if err := json.Unmarshal([]byte(page.body), &document); err != nil {
		s.t.Fatal(err)
	}
	text, _ := document[key].(string)
	if text == "" {
		s.t.Fatalf("the provider does not announce %s", key)
	}
	return text
}

// secondVisitor is a browser without scripts.
type secondVisitor struct {
	secondStage
	client *http.Client
	trail  []string // addresses since the last click
	halt   string   // a prefix of addresses that are not to be followed
}

// secondPage is where a click ended.
type secondPage struct {
	url    string
	status int
	body   string
}

func (s secondStage) visitor() *secondVisitor {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	v := &secondVisitor{secondStage: s}
	v.client = &http.Client{Jar: jar, Timeout: secondProviderPatience, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		v.trail = append(v.trail, next.URL.String())
		switch {
		case v.halt != "" && strings.HasPrefix(next.URL.String(), v.halt):
			return http.ErrUseLastResponse
		case len(via) > 10:
			return errors.New("too many redirects")
		}
		return nil
	}}
	return v
}

// open follows a link.
func (v *secondVisitor) open(address string) secondPage { return v.click(http.MethodGet, address, nil) }

func (v *secondVisitor) click(method, address string, form url.Values) secondPage {
	v.t.Helper()
	request, err := http.NewRequestWithContext(v.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	request.Header.Set("Accept", "text/html,*/*;q=0.8")
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	v.trail = []string{address}
	response, err := v.client.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return secondPage{v.trail[len(v.trail)-1], response.StatusCode, string(body)}
}

var (
	secondForm  = regexp.MustCompile(`<form[^>]* action="([^"]+)"`)
	secondInput = regexp.MustCompile(`<input[^>]* name="([^"]+)"(?: value="([^"]*)")?`)
)

// submit fills the page's form.
func (v *secondVisitor) submit(page secondPage, name, value string) secondPage {
	v.t.Helper()
	form := secondForm.FindStringSubmatch(page.body)
	if form == nil {
		v.t.Fatalf("no form at %s (%d), after %v:\n%s", page.url, page.status, v.trail, page.body)
	}
	target := html.UnescapeString(form[1])
	if strings.HasPrefix(target, "/") {
		target = v.provider + target
	}
	values := url.Values{}
	for _, input := range secondInput.FindAllStringSubmatch(page.body, -1) {
		values.Set(input[1], html.UnescapeString(input[2]))
	}
	values.Set(name, value)
	return v.click(http.MethodPost, target, values)
}
