package standalone

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"

	"go.uber.org/fx"

	"meet/adapters/httpapi"
	"meet/adapters/sfu"
	"meet/bootstrap"
)

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
