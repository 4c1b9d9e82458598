package redisstore

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// option applies what redis-py or go-redis know by that name.
type option func(a *Address, value string) error

var options = map[string]option{
	"db":          number(func(a *Address, n int) { a.options.DB = n }),
	"protocol":    number(func(a *Address, n int) { a.options.Protocol = n }),
	"client_name": text(func(a *Address, value string) { a.options.ClientName = value }),
	"username": text(func(a *Address, value string) {
		if a.options.Username == "" {
			a.options.Username = value
		}
	}),
	"password": text(func(a *Address, value string) {
		if a.options.Password == "" {
			a.options.Password = value
		}
	}),
	"host": text(func(a *Address, value string) { a.instead(value, "") }),
	"port": number(func(a *Address, n int) { a.instead("", strconv.Itoa(n)) }),

	"max_connections":        number(func(a *Address, n int) { a.options.PoolSize = n }),
	"pool_size":              number(func(a *Address, n int) { a.options.PoolSize = n }),
	"min_idle_conns":         number(func(a *Address, n int) { a.options.MinIdleConns = n }),
	"max_idle_conns":         number(func(a *Address, n int) { a.options.MaxIdleConns = n }),
	"max_retries":            number(func(a *Address, n int) { a.options.MaxRetries = n }),
	"socket_timeout":         duration(func(a *Address, d time.Duration) { a.options.ReadTimeout, a.options.WriteTimeout = d, d }),
	"read_timeout":           duration(func(a *Address, d time.Duration) { a.options.ReadTimeout = d }),
	"write_timeout":          duration(func(a *Address, d time.Duration) { a.options.WriteTimeout = d }),
	"socket_connect_timeout": duration(func(a *Address, d time.Duration) { a.options.DialTimeout = d }),
	"dial_timeout":           duration(func(a *Address, d time.Duration) { a.options.DialTimeout = d }),
	"timeout":                duration(func(a *Address, d time.Duration) { a.options.PoolTimeout = d }),
	"pool_timeout":           duration(func(a *Address, d time.Duration) { a.options.PoolTimeout = d }),
	"conn_max_idle_time":     duration(func(a *Address, d time.Duration) { a.options.ConnMaxIdleTime = d }),
	"conn_max_lifetime":      duration(func(a *Address, d time.Duration) { a.options.ConnMaxLifetime = d }),
	"service_name":           text(func(a *Address, value string) { a.options.MasterName = value }),
	"master_name":            text(func(a *Address, value string) { a.options.MasterName = value }),
	"sentinel_username":      text(func(a *Address, value string) { a.options.SentinelUsername = value }),
	"sentinel_password":      text(func(a *Address, value string) { a.options.SentinelPassword = value }),
	"ssl_cert_reqs":          verification,
	"skip_verify": func(a *Address, value string) error {
		return verification(a, map[bool]string{true: "none"}[truth(value)])
	},
	"ssl_check_hostname": checkHostname,
	"ssl_ca_certs":       trustFile,
	"ssl_ca_data":        func(a *Address, value string) error { return trust(a, []byte(value)) },
	"ssl_certfile":       nothing, // with the next
	"ssl_keyfile":        nothing, // both are read at the end
	"ssl_min_version":    leastVersion,
}

// needless are options of redis-py that change nothing here.
var needless = []string{
	"socket_keepalive", "socket_keepalive_options", "socket_read_size", "socket_type", "retry_on_timeout", "retry_on_error", "retry", "health_check_interval",
	"decode_responses", "encoding", "encoding_errors", "errors", "lib_name", "lib_version", "driver_info", "parser_class", "single_connection_client",
	"auto_close_connection_pool", "connection_class", "command_packer", "credential_provider", "redis_connect_func", "cache", "cache_config", "event_dispatcher",
	"read_from_replicas", "reinitialize_steps", "cluster_error_retry_attempts", "require_full_coverage", "dynamic_startup_nodes", "virtual_host", "visibility_timeout",
	"idle_timeout", "max_conn_age", "pool_fifo", "min_retry_backoff", "max_retry_backoff", "ssl_ciphers", "ssl", "maint_notifications_config",
}

var optionName = regexp.MustCompile(`^[a-z_]{2,40}$`)

// query applies the options. One that would change what the operator relies on
// and that is not known is refused.
func (a *Address) query(text string, encrypted, sentinel bool) error {
	values, err := url.ParseQuery(text)
	if err != nil {
		return errors.New("has options that cannot be read: % has to be written as %25")
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		value := values[name][len(values[name])-1]
		apply, known := options[name]
		secure := strings.HasPrefix(name, "ssl_") || name == "skip_verify"
		ofSentinel := strings.HasPrefix(name, "sentinel_") || name == "service_name" || name == "master_name"
		switch {
		case !optionName.MatchString(name):
			return errors.New("has an option that is not known")
		case slices.Contains(needless, name):
			a.Warnings = append(a.Warnings, "has the option "+name+", which has no effect here")
		case secure && !encrypted:
			return errors.New("has the option " + name + ", which needs rediss:// (TLS)")
		case !known || ofSentinel && !sentinel:
			return errors.New("has the option " + name + ", which is not supported")
		default:
			if err := apply(a, value); err != nil {
				return fmt.Errorf("has the option %s, %w", name, err)
			}
		}
	}
	return a.certificate(values.Get("ssl_certfile"), values.Get("ssl_keyfile"))
}

func nothing(*Address, string) error { return nil }

func text(set func(*Address, string)) option {
	return func(a *Address, value string) error {
		set(a, value)
		return nil
	}
}

func number(set func(*Address, int)) option {
	return func(a *Address, value string) error {
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < 0 {
			return errors.New("which is no number")
		}
		set(a, n)
		return nil
	}
}

// duration is of seconds, as in redis-py, or has a unit, as in Go. None keeps
// our own limit.
func duration(set func(*Address, time.Duration)) option {
	return func(a *Address, value string) error {
		if value == "" || strings.EqualFold(value, "none") {
			return nil
		}
		seconds, err := strconv.ParseFloat(value, 64)
		d := time.Duration(seconds * float64(time.Second))
		if err != nil {
			d, err = time.ParseDuration(value)
		}
		if err != nil || d <= 0 {
			return errors.New("which is no number of seconds")
		}
		set(a, d)
		return nil
	}
}

// truth reads a boolean as redis-py does.
func truth(value string) bool {
	return !slices.Contains([]string{"", "0", "F", "FALSE", "N", "NO"}, strings.ToUpper(value))
}

// instead replaces the host or the port where the URL itself names none.
func (a *Address) instead(host, port string) {
	if len(a.options.Addrs) != 1 {
		return
	}
	oldHost, oldPort, err := net.SplitHostPort(a.options.Addrs[0])
	if err != nil {
		return
	}
	if host != "" && oldHost == "localhost" {
		oldHost = host
	}
	if port != "" && oldPort == "6379" {
		oldPort = port
	}
	a.options.Addrs[0] = net.JoinHostPort(oldHost, oldPort)
}

func leastVersion(a *Address, value string) error {
	versions := map[string]uint16{"TLSv1_2": tls.VersionTLS12, "771": tls.VersionTLS12, "TLSv1_3": tls.VersionTLS13, "772": tls.VersionTLS13}
	version, known := versions[strings.TrimPrefix(value, "TLSVersion.")]
	if !known {
		return errors.New("which is neither TLSv1_2 nor TLSv1_3")
	}
	a.options.TLSConfig.MinVersion = version
	return nil
}
