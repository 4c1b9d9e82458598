// Package standalone is the edition that brings everything in one process: a
// LiveKit media server, a demo identity provider and SQLite.
package standalone

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"maps"
	"net"
	"strings"

	"go.uber.org/fx"

	"meet/adapters/demoidp"
	"meet/adapters/sfu"
	"meet/bootstrap"
	"meet/bootstrap/settings"
)

// Edition is the standalone server.
var Edition = bootstrap.Edition{
	Name:     "meet-standalone",
	Summary:  "A whole meeting server in one process: API, media server, web client",
	Complete: complete,
}

// parts are what this process runs besides the API.
type parts struct {
	env     map[string]string
	dataDir string
	sfu     sfu.Config
	demo    *demoidp.Config // nil when a provider is configured
}

// text is what a variable is set to, read as the settings read it.
func (p *parts) text(name string) string { return settings.Trim(p.env[name]) }

// complete fills in what the environment leaves to us.
func complete(env map[string]string) (bootstrap.Addition, error) {
	setDefaults(env, map[string]string{
		"LISTEN_ADDR": "127.0.0.1:8000", "DJANGO_DATA_DIR": "data", "USE_SWAGGER": "true",
		"SFU_ADDR": "127.0.0.1:7880", "SFU_NODE_IP": "127.0.0.1", "SFU_TCP_PORT": "7881", "SFU_UDP_PORT": "7882",
		"DEMO_OIDC_ADDR": "127.0.0.1:8001",
	})
	p := &parts{env: env}
	p.dataDir = p.text("DJANGO_DATA_DIR")
	if err := p.keys(); err != nil {
		return bootstrap.Addition{}, err
	}
	var options []fx.Option
	if p.text("LIVEKIT_API_URL") == "" {
		if err := p.embedSFU(); err != nil {
			return bootstrap.Addition{}, err
		}
		options = append(options, fx.Supply(p.sfu), fx.Provide(newSFU), fx.Invoke(runSFU))
	}
	if !p.providerConfigured() {
		if err := p.embedProvider(); err != nil {
			return bootstrap.Addition{}, err
		}
		options = append(options, fx.Supply(*p.demo), fx.Provide(newProvider), fx.Invoke(runProvider))
	}
	return bootstrap.Addition{Options: options, Banner: p.banner, Warnings: p.exposed()}, nil
}

// local reports whether a host's name stands for this machine alone.
func local(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// exposed warns when the demo provider, which knows no passwords, lets people
// in who may come from elsewhere.
func (p *parts) exposed() []string {
	if p.demo == nil {
		return nil
	}
	host, _, _ := net.SplitHostPort(p.text("LISTEN_ADDR"))
	outside := !local(host) || strings.HasPrefix(p.text("DJANGO_EMAIL_APP_BASE_URL"), "https://")
	for _, name := range strings.Split(p.env["DJANGO_ALLOWED_HOSTS"], ",") {
		name = strings.Trim(settings.Trim(name), ".[]")
		outside = outside || name != "" && !local(name)
	}
	if !outside {
		return nil
	}
	return []string{"OIDC_OP_URL is not set, and LISTEN_ADDR or DJANGO_ALLOWED_HOSTS is open to other machines: " +
		"the demo identity provider lets everybody who reaches it sign in without a password"}
}

func setDefaults(env, defaults map[string]string) {
	for name, value := range defaults {
		if _, set := env[name]; !set {
			env[name] = value
		}
	}
}

func (p *parts) providerConfigured() bool {
	for name := range p.env {
		if strings.HasPrefix(name, "OIDC_OP_") {
			return true
		}
	}
	return false
}

// embedProvider makes the demo provider the one people sign in with.
func (p *parts) embedProvider() error {
	key, err := p.signingKey()
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(p.text("LISTEN_ADDR"))
	if err != nil {
		return errors.New("LISTEN_ADDR: expected host:port or :port")
	}
	address, err := net.ResolveTCPAddr("tcp", p.text("DEMO_OIDC_ADDR"))
	if err != nil || address.Port == 0 {
		return errors.New("DEMO_OIDC_ADDR: expected a loopback address and a port")
	}
	p.demo = &demoidp.Config{
		Addr: address.String(), ClientID: "meet", Secret: rand.Text(), Key: key,
		Origins: []string{"http://127.0.0.1:" + port, "http://localhost:" + port},
	}
	delete(p.env, "OIDC_RP_CLIENT_SECRET_FILE")
	maps.Copy(p.env, map[string]string{
		"OIDC_OP_URL": "http://" + p.demo.Addr, "OIDC_RP_CLIENT_ID": "meet", "OIDC_RP_CLIENT_SECRET": p.demo.Secret,
		"OIDC_RP_SCOPES": "openid email profile", "OIDC_USE_PKCE": "true", "OIDC_RP_SIGN_ALGO": "RS256",
	})
	return nil
}

func newProvider(config demoidp.Config) (*demoidp.Server, error) {
	server, err := demoidp.New(config)
	return server, bootstrap.Named("DEMO_OIDC_ADDR", err)
}

func runProvider(lifecycle fx.Lifecycle, shutdown fx.Shutdowner, server *demoidp.Server) {
	lifecycle.Append(fx.Hook{
		OnStart: func(context.Context) error {
			go func() {
				if err := server.Serve(); err != nil {
					slog.Error("the demo identity provider ended", "error", err)
					_ = shutdown.Shutdown(fx.ExitCode(1))
				}
			}()
			return nil
		},
		OnStop: server.Stop,
	})
}
