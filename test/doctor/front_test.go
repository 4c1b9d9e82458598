package doctor

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"testing"
	"time"

	"meet/domain"
	"meet/test/postgres"
	"meet/test/process"
)

// behind puts another proxy in front of the server.
func behind(edit func(*httputil.ReverseProxy)) func(*testing.T, *world, map[string]string) {
	return func(t *testing.T, w *world, env map[string]string) {
		env[publicURL] = tlsProxy(t, "http://"+w.app, edit).URL
	}
}

// rewriting changes what the proxy passes on.
func rewriting(edit func(*http.Request)) func(*httputil.ReverseProxy) {
	return func(p *httputil.ReverseProxy) {
		well := p.Rewrite
		p.Rewrite = func(r *httputil.ProxyRequest) {
			well(r)
			edit(r.Out)
		}
	}
}

// without takes a header out of the answers.
func without(name string) func(*httputil.ReverseProxy) {
	return func(p *httputil.ReverseProxy) {
		p.ModifyResponse = func(response *http.Response) error {
			response.Header.Del(name)
			return nil
		}
	}
}

// another runs a second server with those changes, behind a proxy.
func another(changes vars, edit func(*httputil.ReverseProxy)) func(*testing.T, *world, map[string]string) {
	return func(t *testing.T, _ *world, env map[string]string) {
		env["LISTEN_ADDR"], env["DATABASE_URL"] = process.Free(t), postgres.URL(t)
		env["LIVEKIT_WEBHOOK_EVENTS_FILTER_REGEX"] = "^nothing$" // LiveKit reports to the first server
		for name, value := range changes {
			env[name] = value
		}
		serve(t, env)
		env[publicURL] = tlsProxy(t, "http://"+env["LISTEN_ADDR"], edit).URL
	}
}

func noProto(r *http.Request) { r.Header.Del("X-Forwarded-Proto") }

// expired makes a certificate of yesterday, which the doctor trusts otherwise.
func expired(t *testing.T, w *world, env map[string]string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(-24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, BasicConstraintsValid: true, IsCA: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(proxy(t, "http://"+w.app, nil))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	server.StartTLS()
	t.Cleanup(server.Close)
	env[publicURL] = server.URL
}

func fronts() []setUp {
	return []setUp{
		{name: "the scheme is not passed on", check: "public.proxy", status: domain.Broken, mend: []string{"X-Forwarded-Proto", "TRUSTED_PROXIES"}, make: behind(rewriting(noProto))},
		{name: "the proxy is not trusted", check: "public.proxy", status: domain.Broken, mend: []string{"X-Forwarded-Proto", "TRUSTED_PROXIES"},
			make: another(vars{"TRUSTED_PROXIES": "192.0.2.0/24"}, nil)},
		{name: "the scheme is not passed on outside production", check: "public.proxy", status: domain.Broken, mend: []string{"X-Forwarded-Proto", "TRUSTED_PROXIES"},
			make: another(vars{"DJANGO_CONFIGURATION": "Base"}, rewriting(noProto))},
		{name: "the proxy gives another name that passes", check: "public.proxy", status: domain.Broken, mend: []string{"Host header"},
			make: behind(rewriting(func(r *http.Request) { r.Host = "127.0.0.1" }))},
		{name: "the proxy gives another name", check: "public.host", status: domain.Broken, mend: []string{"Host header", "DJANGO_ALLOWED_HOSTS"},
			make: behind(rewriting(func(r *http.Request) { r.Host = "backend" }))},
		{name: "the host is not allowed", check: "public.host", status: domain.Broken, mend: []string{"127.0.0.1", "DJANGO_ALLOWED_HOSTS"},
			make: another(vars{"DJANGO_ALLOWED_HOSTS": "meet.demo.example"}, nil)},
		{name: "an expired certificate", check: "public.url", status: domain.Broken, mend: []string{"certificate"}, make: expired},
		{name: "no certificate", check: "public.url", status: domain.Broken, mend: []string{"certificate", "--url"},
			make: func(_ *testing.T, w *world, env map[string]string) { env[publicURL] = "https://" + w.app }},
		{name: "no encryption in production", check: "public.profile", status: domain.Broken, mend: []string{"certificate", "DJANGO_CONFIGURATION"},
			make: func(_ *testing.T, w *world, env map[string]string) { env[publicURL] = "http://" + w.app }},
		{name: "https without the profile", check: "public.profile", status: domain.Doubtful, mend: []string{"DJANGO_CONFIGURATION=Production"},
			make: another(vars{"DJANGO_CONFIGURATION": "Base"}, nil)},
		{name: "nobody listens", check: "public.url", status: domain.Doubtful, mend: []string{"proxy", "--url"},
			make: func(t *testing.T, _ *world, env map[string]string) { env[publicURL] = "https://" + process.Free(t) }},
		{name: "the proxy finds nobody", check: "public.url", status: domain.Broken, mend: []string{"LISTEN_ADDR"},
			make: func(t *testing.T, _ *world, env map[string]string) {
				env[publicURL] = tlsProxy(t, "http://"+process.Free(t), nil).URL
			}},
		{name: "the proxy leads elsewhere", check: "public.url", status: domain.Broken, mend: []string{"LISTEN_ADDR"},
			make: func(t *testing.T, w *world, env map[string]string) { env[publicURL] = tlsProxy(t, w.idp, nil).URL }},
		{name: "the API goes elsewhere", check: "public.server", status: domain.Broken, mend: []string{"/api/", "LISTEN_ADDR"},
			make: behind(rewriting(func(r *http.Request) {
				if r.URL.Path == "/api/v1.0/config/" {
					r.URL.Path = "/"
				}
			}))},
		{name: "a server with another configuration", check: "public.server", status: domain.Doubtful, mend: []string{"LIVEKIT_API_URL"},
			make: func(t *testing.T, w *world, env map[string]string) {
				env["LIVEKIT_API_URL"] = liar(t, w.env["LIVEKIT_API_URL"], func(_ string, _ http.Header, body string) string { return body })
			}},
		{name: "no strict transport", check: "public.hsts", status: domain.Doubtful, mend: []string{"proxy", "DJANGO_CONFIGURATION"}, make: behind(without("Strict-Transport-Security"))},
		{name: "no cookies", check: "public.cookies", status: domain.Broken, mend: []string{"Set-Cookie"}, make: behind(without("Set-Cookie"))},
		{name: "LiveKit without encryption", check: "public.livekit", status: domain.Broken, mend: []string{"wss://", "LIVEKIT_FORCE_WSS_PROTOCOL"},
			make: another(vars{"LIVEKIT_FORCE_WSS_PROTOCOL": "false"}, nil)},
		{name: "a sign-in that does not start", check: "public.signin", status: domain.Broken, mend: []string{"OIDC_OP_URL"},
			make: func(t *testing.T, w *world, env map[string]string) {
				another(vars{"OIDC_OP_URL": "http://" + process.Free(t)}, nil)(t, w, env)
			}},
		{name: "the server's database is away", check: "server.heartbeat", status: domain.Broken, mend: []string{"DATABASE_URL"},
			make: func(t *testing.T, _ *world, env map[string]string) {
				env["LISTEN_ADDR"], env["MIGRATE_ON_START"], env["DATABASE_URL"] = process.Free(t), "false", "postgres://u:hidden-p@"+process.Free(t)+"/n"
				serve(t, env)
			}},
	}
}
