// Package sfu runs a LiveKit media server inside this process.
package sfu

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	lkconfig "github.com/livekit/livekit-server/pkg/config"
	"github.com/livekit/livekit-server/pkg/routing"
	"github.com/livekit/livekit-server/pkg/service"
	"github.com/livekit/livekit-server/pkg/telemetry/prometheus"
	"gopkg.in/yaml.v3"
)

// Config says where the media server listens and who may use it.
type Config struct {
	Addr    string // host:port of signalling and the API
	NodeIP  string // where browsers send media
	TCPPort int    // media over TCP; not used on loopback
	UDPPort int    // media over UDP
	Key     string
	Secret  string // at least 32 characters
	Webhook string // address that is told what happens, "" for none
	Redis   string // host:port, which SIP and egress need; "" for none
}

// Server is a LiveKit server.
type Server struct {
	server *service.LivekitServer
	failed chan error
}

// New prepares the server; nothing listens before Start.
func New(config Config) (*Server, error) {
	text, err := config.yaml()
	if err != nil {
		return nil, err
	}
	conf, err := lkconfig.NewConfig(text, true, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("media server configuration: %w", err)
	}
	if err := conf.ValidateKeys(); err != nil {
		return nil, fmt.Errorf("media server keys: %w", err)
	}
	ours := slog.Default()
	lkconfig.InitLoggerFromConfig(&conf.Logging) // takes over the process's log
	slog.SetDefault(ours)
	node, err := routing.NewLocalNode(conf)
	if err != nil {
		return nil, fmt.Errorf("media server node: %w", err)
	}
	if err := prometheus.Init(string(node.NodeID()), node.NodeType()); err != nil {
		return nil, fmt.Errorf("media server metrics: %w", err)
	}
	server, err := service.InitializeServer(conf, node)
	if err != nil {
		return nil, fmt.Errorf("media server: %w", err)
	}
	return &Server{server: server, failed: make(chan error, 1)}, nil
}

// yaml is the configuration in LiveKit's own format
// (https://github.com/livekit/livekit/blob/master/config-sample.yaml).
func (c Config) yaml() (string, error) {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return "", fmt.Errorf("media server address: %w", err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return "", fmt.Errorf("media server port %q: %w", port, err)
	}
	rtc := map[string]any{"udp_port": c.UDPPort, "node_ip": c.NodeIP, "use_external_ip": false}
	if ip := net.ParseIP(c.NodeIP); ip != nil && ip.IsLoopback() {
		rtc["enable_loopback_candidate"] = true
		rtc["ips"] = map[string]any{"includes": []string{"127.0.0.1/32"}}
		rtc["tcp_port"] = 0
	} else {
		rtc["tcp_port"] = c.TCPPort
	}
	conf := map[string]any{
		"port": number, "rtc": rtc, "keys": map[string]string{c.Key: c.Secret}, "logging": map[string]any{"level": "warn"},
	}
	if c.Redis != "" {
		conf["redis"] = map[string]any{"address": c.Redis}
	}
	if c.Webhook != "" {
		conf["webhook"] = map[string]any{"urls": []string{c.Webhook}, "api_key": c.Key}
	}
	if host != "" {
		conf["bind_addresses"] = []string{host}
	}
	text, err := yaml.Marshal(conf)
	return string(text), err
}

const poll = 10 * time.Millisecond

// Start returns when the server answers, or says why it does not.
func (s *Server) Start(ctx context.Context) error {
	go func() { s.failed <- s.server.Start() }()
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	for !s.server.IsRunning() {
		select {
		case err := <-s.failed:
			return fmt.Errorf("media server: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("media server: %w", ctx.Err())
		case <-ticker.C:
		}
	}
	return nil
}

// Failed yields how the server ended, once it has started: nil after Stop.
func (s *Server) Failed() <-chan error { return s.failed }

// Stop ends all meetings and the server.
func (s *Server) Stop() { s.server.Stop(true) }
