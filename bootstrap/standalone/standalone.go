// Package standalone is the edition that brings everything in one process: a
// LiveKit media server, a demo identity provider and SQLite.
package standalone

import (
	"context"
	"crypto/rand"
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

// complete fills in what the environment leaves to us.
func complete(env map[string]string) (bootstrap.Addition, error) {
	setDefaults(env, map[string]string{
		"LISTEN_ADDR": "127.0.0.1:8000", "DJANGO_DATA_DIR": "data", "USE_SWAGGER": "true",
		"SFU_ADDR": "127.0.0.1:7880", "SFU_NODE_IP": "127.0.0.1", "SFU_TCP_PORT": "7881", "SFU_UDP_PORT": "7882",
		"DEMO_OIDC_ADDR": "127.0.0.1:8001",
	})
	p := &parts{env: env, dataDir: env["DJANGO_DATA_DIR"]}
	if err := p.keys(); err != nil {
		return bootstrap.Addition{}, err
	}
	var options []fx.Option
	if env["LIVEKIT_API_URL"] == "" {
		if err := p.embedSFU(); err != nil {
			return bootstrap.Addition{}, err
		}
		options = append(options, fx.Supply(p.sfu), fx.Provide(sfu.New), fx.Invoke(runSFU))
	}
	if !p.providerConfigured() {
		if err := p.embedProvider(); err != nil {
			return bootstrap.Addition{}, err
		}
		options = append(options, fx.Supply(*p.demo), fx.Provide(demoidp.New), fx.Invoke(runProvider))
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
	tcp, errTCP := strconv.Atoi(p.env["SFU_TCP_PORT"])
	udp, errUDP := strconv.Atoi(p.env["SFU_UDP_PORT"])
	host, port, errAddr := net.SplitHostPort(p.env["SFU_ADDR"])
	if errTCP != nil || errUDP != nil || errAddr != nil {
		return fmt.Errorf("SFU_ADDR, SFU_TCP_PORT and SFU_UDP_PORT must be host:port and two numbers")
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = p.env["SFU_NODE_IP"]
	}
	p.env["LIVEKIT_API_URL"] = "ws://" + net.JoinHostPort(host, port)
	p.sfu = sfu.Config{
		Addr: p.env["SFU_ADDR"], NodeIP: p.env["SFU_NODE_IP"], TCPPort: tcp, UDPPort: udp,
		Key: p.env["LIVEKIT_API_KEY"], Secret: p.env["LIVEKIT_API_SECRET"], Webhook: p.webhook(), Redis: p.env["SFU_REDIS_ADDRESS"],
	}
	return nil
}

// webhook is where the media server reports what happens: to us.
func (p *parts) webhook() string {
	host, port, err := net.SplitHostPort(p.env["LISTEN_ADDR"])
	if err != nil || port == "0" {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	if hosts := p.env["DJANGO_ALLOWED_HOSTS"]; hosts != "" {
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
	_, port, err := net.SplitHostPort(p.env["LISTEN_ADDR"])
	if err != nil {
		return fmt.Errorf("LISTEN_ADDR: %w", err)
	}
	address, err := net.ResolveTCPAddr("tcp", p.env["DEMO_OIDC_ADDR"])
	if err != nil || address.Port == 0 {
		return fmt.Errorf("DEMO_OIDC_ADDR must be a loopback address and a port, not %q", p.env["DEMO_OIDC_ADDR"])
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

func runSFU(lifecycle fx.Lifecycle, shutdown fx.Shutdowner, server *sfu.Server) {
	lifecycle.Append(fx.Hook{
		OnStart: func(ctx context.Context) error {
			if err := server.Start(ctx); err != nil {
				return err
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
