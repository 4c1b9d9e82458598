package bootstrap

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"meet/bootstrap/settings"
	"meet/domain"
)

// configCommand shows what the environment amounts to.
func configCommand(edition Edition) *cobra.Command {
	return &cobra.Command{
		Use: "config", Short: "Show the effective configuration, secrets masked, and every mistake in it", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			env, err := Environment(nil)
			if err != nil {
				return err
			}
			var addition Addition
			if edition.Complete != nil {
				if addition, err = edition.Complete(env); err != nil {
					return err
				}
			}
			config, problems := Load(env)
			config.Warnings = append(config.Warnings, addition.Warnings...)
			for _, line := range describe(env) {
				cmd.Println(line)
			}
			for _, warning := range config.Warnings {
				cmd.PrintErrln("warning:", warning)
			}
			for _, problem := range problems {
				cmd.PrintErrln("mistake:", problem)
			}
			if len(problems) > 0 {
				return ErrConfiguration
			}
			return nil
		},
	}
}

// describe lists every supported variable with its value in effect.
func describe(env map[string]string) []string {
	var lines []string
	for _, v := range settings.All() {
		if v.Status != settings.Supported {
			continue
		}
		value, set := env[v.Name]
		_, file := env[v.Name+"_FILE"]
		origin := ""
		switch {
		case v.Secret() && file:
			value, origin = masked, "  # from the file of "+v.Name+"_FILE"
		case !set:
			value, origin = v.Default, "  # default"
		}
		lines = append(lines, v.Name+"="+shown(v, settings.Trim(value))+origin)
	}
	return settings.NewConcealer(env).Texts(lines)
}

const masked = "***"

// shown is the value without what may be secret. A key is none of these
// values, unless it was pasted to the wrong place.
func shown(v settings.Variable, value string) string {
	switch {
	case value == "":
		return ""
	case v.Secret(), strings.Contains(value, "-----BEGIN"):
		return masked
	case v.URL():
		return domain.MaskURL(value)
	}
	return value
}

// healthcheckCommand is for containers: it asks the running server.
func healthcheckCommand(edition Edition) *cobra.Command {
	return &cobra.Command{
		Use: "healthcheck", Short: "Ask the running server whether it is well", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			config, _, err := edition.prepare()
			if err != nil {
				return err
			}
			return healthy(config)
		},
	}
}

func healthy(config Config) error {
	host, port, err := net.SplitHostPort(config.ListenAddr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/__heartbeat__", nil)
	if err != nil {
		return err
	}
	if hosts := config.HTTP.AllowedHosts; len(hosts) > 0 && !slices.Contains(hosts, "*") {
		request.Host = strings.TrimPrefix(hosts[0], ".")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("the server does not answer: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the server is not well: status %d", response.StatusCode)
	}
	return nil
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Show what this is", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			text, err := json.MarshalIndent(Version(), "", "  ")
			cmd.Println(string(text))
			return err
		},
	}
}
