// Package doctor proves that the doctor command finds what is wrong with a
// set-up, on real parts.
package doctor

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"testing"
	"time"

	"go.uber.org/fx"

	"meet/adapters/demoidp"
	"meet/bootstrap"
	media "meet/test/livekit"
	"meet/test/postgres"
	"meet/test/process"
	"meet/test/redis"
	"meet/test/sink"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // what is provoked is no news
	code := m.Run()
	media.Remove()
	os.Exit(code)
}

const (
	clientSecret = "hidden-client-secret"
	mailPassword = "hidden-mail-password"
)

// world is a healthy instance: real parts, and a proxy with TLS in front.
type world struct {
	env         map[string]string
	url         string // of the proxy
	roots       *x509.CertPool
	certificate []byte // of the proxy, DER
	idp         string
	app         string // host:port
}

// proxy passes requests on as a well-behaved proxy does, unless edit spoils
// them.
func proxy(t testing.TB, target string, edit func(*httputil.ReverseProxy)) http.Handler {
	t.Helper()
	to, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	p := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host
		r.SetXForwarded()
		r.Out.Header.Set("X-Forwarded-Proto", "https")
	}}
	if edit != nil {
		edit(p)
	}
	return p
}

// tlsProxy is a proxy with a certificate; its address is returned.
func tlsProxy(t testing.TB, target string, edit func(*httputil.ReverseProxy)) *httptest.Server {
	t.Helper()
	server := httptest.NewTLSServer(proxy(t, target, edit))
	t.Cleanup(server.Close)
	return server
}

// serve runs the application until the test ends.
func serve(t testing.TB, env map[string]string) {
	t.Helper()
	config, problems := bootstrap.Load(env)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	app := fx.New(bootstrap.Application(config))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := app.Start(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := app.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

func newWorld(t *testing.T) *world {
	t.Helper()
	app := process.Free(t)
	front := tlsProxy(t, "http://"+app, nil)
	hooks := httptest.NewServer(proxy(t, "http://"+app, nil)) // LiveKit would not trust the certificate
	t.Cleanup(hooks.Close)
	livekit := media.Start(t, hooks.URL+"/api/v1.0/rooms/webhooks-livekit/", "")
	mail := sink.Start(t)
	mail.Password = mailPassword
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	idp, err := demoidp.New(demoidp.Config{Addr: "127.0.0.1:0", ClientID: "meet", Secret: clientSecret, Key: key, Origins: []string{front.URL}})
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = idp.Serve() }()
	t.Cleanup(func() { _ = idp.Stop(context.Background()) })

	w := &world{url: front.URL, roots: x509.NewCertPool(), idp: idp.Issuer(), app: app, env: map[string]string{
		"DJANGO_CONFIGURATION": "Production", "DJANGO_SECRET_KEY": "hidden-secret-key-that-is-quite-long-enough", "DJANGO_ALLOWED_HOSTS": "127.0.0.1",
		"DJANGO_CSRF_TRUSTED_ORIGINS": front.URL, "LISTEN_ADDR": app, "TRUSTED_PROXIES": "127.0.0.0/8", "DATABASE_URL": postgres.URL(t), "REDIS_URL": redis.Start(t).URL,
		"OIDC_OP_URL": idp.Issuer(), "OIDC_RP_CLIENT_ID": "meet", "OIDC_RP_CLIENT_SECRET": clientSecret, "OIDC_USE_PKCE": "true",
		"LIVEKIT_FORCE_WSS_PROTOCOL": "true", "DJANGO_EMAIL_HOST": mail.Host, "DJANGO_EMAIL_PORT": mail.Port, "DJANGO_EMAIL_FROM": "meet@demo.example",
		"DJANGO_EMAIL_APP_BASE_URL": front.URL, "DJANGO_EMAIL_HOST_USER": "meet", "DJANGO_EMAIL_HOST_PASSWORD": mailPassword,
	}}
	w.roots.AddCert(front.Certificate())
	w.certificate = front.Certificate().Raw
	maps.Copy(w.env, livekit.Env())
	serve(t, w.env)
	return w
}

// with is the healthy environment with changes; "-" takes a variable away.
func (w *world) with(changes map[string]string) map[string]string {
	env := maps.Clone(w.env)
	for name, value := range changes {
		if env[name] = value; value == "-" {
			delete(env, name)
		}
	}
	return env
}
