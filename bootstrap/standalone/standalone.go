// Package standalone is the edition that brings everything in one process: a
// LiveKit media server, a demo identity provider and SQLite.
package standalone

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"strconv"
	"strings"

	"go.uber.org/fx"

	"meet/adapters/demoidp"
	"meet/adapters/httpapi"
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
	return bootstrap.Addition{Options: options, Banner: p.banner}, nil
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

// embedSFU points the API at a media server of our own.
func (p *parts) embedSFU() error {
	tcp, err := p.port("SFU_TCP_PORT")
	if err != nil {
		return err
	}
	udp, err := p.port("SFU_UDP_PORT")
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(p.text("SFU_ADDR"))
	if err != nil {
		return errors.New("SFU_ADDR: expected host:port")
	}
	if net.ParseIP(p.text("SFU_NODE_IP")) == nil {
		return errors.New("SFU_NODE_IP: expected an IP address that browsers reach")
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = p.text("SFU_NODE_IP")
	}
	p.env["LIVEKIT_API_URL"] = "ws://" + net.JoinHostPort(host, port)
	p.sfu = sfu.Config{
		Addr: p.text("SFU_ADDR"), NodeIP: p.text("SFU_NODE_IP"), TCPPort: tcp, UDPPort: udp,
		Key: p.text("LIVEKIT_API_KEY"), Secret: p.text("LIVEKIT_API_SECRET"), Webhook: p.webhook(), Redis: p.text("SFU_REDIS_ADDRESS"),
	}
	return nil
}

// port is the number of a port.
func (p *parts) port(name string) (int, error) {
	number, err := strconv.ParseUint(p.text(name), 10, 16)
	if err != nil || number == 0 {
		return 0, errors.New(name + ": expected a number from 1 to 65535")
	}
	return int(number), nil
}

// webhook is where the media server reports what happens: to us.
func (p *parts) webhook() string {
	host, port, err := net.SplitHostPort(p.text("LISTEN_ADDR"))
	if err != nil || port == "0" {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	if hosts := p.text("DJANGO_ALLOWED_HOSTS"); hosts != "" {
		p.env["DJANGO_ALLOWED_HOSTS"] = hosts + "," + host
	}
	return "http://" + net.JoinHostPort(host, port) + httpapi.API + "/rooms/webhooks-livekit/"
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

func newSFU(config sfu.Config) (*sfu.Server, error) {
	server, err := sfu.New(config)
	return server, ofSFU(config, err)
}

// ofSFU says which setting keeps the media server from listening.
func ofSFU(config sfu.Config, err error) error {
	if err == nil {
		return nil
	}
	setting, text := "SFU_ADDR", err.Error()
	switch {
	case strings.Contains(text, "redis"):
		setting = "SFU_REDIS_ADDRESS"
	case strings.Contains(text, "udp"):
		setting = "SFU_UDP_PORT"
	case strings.Contains(text, fmt.Sprintf(":%d:", config.TCPPort)):
		setting = "SFU_TCP_PORT"
	}
	return bootstrap.Named(setting, err)
}

func newProvider(config demoidp.Config) (*demoidp.Server, error) {
	server, err := demoidp.New(config)
	return server, bootstrap.Named("DEMO_OIDC_ADDR", err)
}

func runSFU(lifecycle fx.Lifecycle, shutdown fx.Shutdowner, config sfu.Config, server *sfu.Server) {
	lifecycle.Append(fx.Hook{
		OnStart: func(ctx context.Context) error {
			if err := server.Start(ctx); err != nil {
				return ofSFU(config, err)
			}
			go func() {
				if err := <-server.Failed(); err != nil {
					slog.Error("the media server ended", "error", err)
					_ = shutdown.Shutdown(fx.ExitCode(1))
				}
			}()
			return nil
		},
		OnStop: func(context.Context) error {
			server.Stop()
			return nil
		},
	})
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
