package bootstrap_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"meet/bootstrap"
	"meet/bootstrap/doctor"
	"meet/bootstrap/settings"
	"meet/test/process"
)

// canary is what no command may show.
const canary = "hidden-3f9Zq7LwPx2VtB8nKd5R"

// shapes are ways in which a secret stands in a value, mostly broken ones; %
// is the secret.
var shapes = []string{
	"%", " %\n", "-----BEGIN PRIVATE KEY-----\n%\n-----END PRIVATE KEY-----", `{'k': '%'`, `{"k": "%"`, `{"kty":"RSA","d":"%"}`,
	"http://u:%@127.0.0.1:1/x", "http://%@127.0.0.1:1", "http://u:%@127.0.0.1:port/x", "http://u:%@127.0.0.1:1/%zz", "http://u:a@%#b@127.0.0.1:1",
	"http://u:a/%?b@127.0.0.1:1", "u:%@127.0.0.1:1", "http://127.0.0.1:1/?key=%", "http://127.0.0.1:1/#%", "://u:%@h", "http://[u:%@h", "http://u:%",
	"redis://:%@127.0.0.1:1/none", "redis://127.0.0.1:1/1?password=%&x=%zz", "redis://:%@127.0.0.1:1/1?what=ever", "rediss://127.0.0.1:1?ssl_cert_reqs=%",
	"unix://u:%@/nowhere", "redis+sentinel://:%@127.0.0.1:1/%/x", "postgres://u:%@127.0.0.1:1/n?x=%zz", "postgres://u:%@127.0.0.1:1:2/n", "postgres://u:%@127.0.0.1:1,127.0.0.1:x/n",
	"postgres://u:a@%b#@127.0.0.1:1/n", "postgres://127.0.0.1:1/n?password=%&sslmode=no", "%://127.0.0.1:1/n", "%:x", "mysql://u:%@h/n",
	"k=%,%", "k", "[%", "(%", "%;%", "5/%", "%/m", "https://%:x@sentry.invalid/project", "ws://u:%@127.0.0.1:1", "smtp://u:%@h",
}

func shaped(shape, secret string) string { return strings.ReplaceAll(shape, "%", secret) }

// closed is an environment in which nothing answers.
func closed(t *testing.T) map[string]string {
	return with(minimal(), map[string]string{
		"LISTEN_ADDR": process.Free(t), "DATABASE_URL": "postgres://u:p@127.0.0.1:1/n", "REDIS_URL": "redis://127.0.0.1:1/1", "DJANGO_SECRET_KEY": "long and random, more than enough of it",
		"OIDC_OP_JWKS_ENDPOINT": "http://127.0.0.1:1/keys", "OIDC_OP_AUTHORIZATION_ENDPOINT": "http://127.0.0.1:1/auth", "OIDC_OP_TOKEN_ENDPOINT": "http://127.0.0.1:1/token",
		"OIDC_OP_USER_ENDPOINT": "http://127.0.0.1:1/me", "OIDC_OP_URL": "http://127.0.0.1:1", "LIVEKIT_API_URL": "http://127.0.0.1:1",
		"DJANGO_EMAIL_HOST": "127.0.0.1", "DJANGO_EMAIL_PORT": "1", "DJANGO_ALLOWED_HOSTS": "127.0.0.1", "DJANGO_EMAIL_APP_BASE_URL": "http://127.0.0.1:1",
	})
}

// TestNoMistakeTellsASecret sets one variable at a time to a value with a
// secret in it, in every shape, and reads everything that is said about it.
func TestNoMistakeTellsASecret(t *testing.T) {
	t.Parallel()
	env := closed(t)
	env["FRONTEND_DIR"] = frontend(t) // some variables are read with a frontend only
	for _, v := range settings.All() {
		if v.Status != settings.Supported {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			for _, shape := range shapes {
				changed := with(env, map[string]string{v.Name: shaped(shape, canary)})
				_, problems := bootstrap.Load(changed)
				setup := bootstrap.Setup(changed, "")
				said := append(problems, setup.Warnings...)
				if v.Secret() || v.URL() {
					said = append(said, list(t, setup))
				}
				if told := strings.Join(said, "\n"); strings.Contains(told, canary) {
					t.Errorf("%s=%q: %s", v.Name, shape, told)
				}
			}
		})
	}
}

// frontend is a folder with a page.
func frontend(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("<!doctype html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func list(t *testing.T, setup doctor.Setup) string {
	t.Helper()
	findings := doctor.Examine(t.Context(), setup)
	var text bytes.Buffer
	if err := doctor.Print(&text, findings); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(findings)
	if err != nil {
		t.Fatal(err)
	}
	return text.String() + string(encoded)
}

// TestNoCommandTellsASecret sets all secrets and addresses at once, from the
// environment, from files and from .env, and runs the program.
func TestNoCommandTellsASecret(t *testing.T) {
	t.Parallel()
	program := process.Program(t)
	base := closed(t)
	for i, shape := range shapes {
		env, dotenv := maps.Clone(base), maps.Clone(base)
		dir := t.TempDir()
		for j, v := range settings.All() {
			if !v.Secret() && !v.URL() {
				continue
			}
			value := shaped(shape, canary)
			env[v.Name], dotenv[v.Name] = value, value
			if v.Secret() && j%2 == 0 {
				path := filepath.Join(dir, v.Name)
				if err := os.WriteFile(path, []byte(value+"\n "), 0o600); err != nil {
					t.Fatal(err)
				}
				env[v.Name+"_FILE"] = path
			}
		}
		write(t, filepath.Join(dir, "dotenv", ".env"), dotenv)
		for _, args := range [][]string{{"config"}, {"serve"}, {"doctor"}, {"doctor", "--json"}} {
			for _, place := range []string{dir, filepath.Join(dir, "dotenv")} {
				command := exec.CommandContext(t.Context(), program, args...)
				if command.Dir = place; place == dir {
					for name, value := range env {
						command.Env = append(command.Env, name+"="+value)
					}
				}
				output, err := command.CombinedOutput()
				if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
					t.Fatal(err)
				}
				if strings.Contains(string(output), canary) {
					t.Errorf("shape %d (%q), %v in %s:\n%s", i, shape, args, strconv.Quote(filepath.Base(place)), output)
				}
			}
		}
	}
}

// write makes a .env as somebody would who thinks that no value needs quotes.
func write(t *testing.T, path string, env map[string]string) {
	t.Helper()
	var text strings.Builder
	for name, value := range env {
		text.WriteString(name + "=" + value + "\n")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}
