package bootstrap

import (
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"strings"

	"meet/adapters/logging"
	"meet/adapters/sentry"
	"meet/adapters/tracing"
	"meet/bootstrap/settings"
)

// WatchConfig is how operators see what goes on.
type WatchConfig struct {
	Log         logging.Config
	MetricsAddr string // "" for none
	Traces      tracing.Config
	Sentry      sentry.Config
}

func loadWatch(read *settings.Reader, profile Profile) WatchConfig {
	config := WatchConfig{
		Log:         logging.Config{Level: logLevel(read, "LOGGING_LEVEL_LOGGERS_APP")},
		MetricsAddr: read.Text("METRICS_ADDR"),
		Traces:      loadTraces(read),
		Sentry: sentry.Config{
			DSN: endpoint(read, "DJANGO_SENTRY_DSN"), Environment: strings.ToLower(read.Text("DJANGO_CONFIGURATION")), Release: Version().Version,
		},
	}
	switch oneOf(read, "LOG_FORMAT", "auto", "json", "text") {
	case "json":
		config.Log.JSON = true
	case "auto":
		config.Log.JSON = profile.Production
	}
	if _, _, err := net.SplitHostPort(config.MetricsAddr); err != nil && config.MetricsAddr != "" {
		read.Refuse("METRICS_ADDR", "expected host:port or :port, got %s", settings.Quote(config.MetricsAddr))
	}
	if config.Sentry.DSN != "" {
		if sentry.Check(config.Sentry.DSN) != nil {
			read.Refuse("DJANGO_SENTRY_DSN", "is not an address of Sentry")
		}
	}
	return config
}

func loadTraces(read *settings.Reader) tracing.Config {
	config := tracing.Config{
		Endpoint: strings.TrimSuffix(endpoint(read, "OTEL_EXPORTER_OTLP_ENDPOINT"), "/"), Headers: map[string]string{},
		Service: read.Text("OTEL_SERVICE_NAME"), Version: Version().Version,
	}
	for _, pair := range read.List("OTEL_EXPORTER_OTLP_HEADERS") {
		name, value, found := strings.Cut(pair, "=")
		if plain, err := url.PathUnescape(value); err == nil && found {
			config.Headers[name] = plain
			continue
		}
		read.Refuse("OTEL_EXPORTER_OTLP_HEADERS", "expected key=value,key=value")
	}
	ratio, err := strconv.ParseFloat(read.Text("OTEL_TRACES_SAMPLER_ARG"), 64)
	if err != nil || !(ratio >= 0 && ratio <= 1) {
		read.Refuse("OTEL_TRACES_SAMPLER_ARG", "%s is not a number from 0 to 1", settings.Quote(read.Text("OTEL_TRACES_SAMPLER_ARG")))
	}
	config.Ratio = ratio
	return config
}

var logLevels = map[string]slog.Level{
	"NOTSET": slog.LevelDebug, "DEBUG": slog.LevelDebug, "INFO": slog.LevelInfo,
	"WARNING": slog.LevelWarn, "ERROR": slog.LevelError, "CRITICAL": slog.LevelError + 4,
}

func logLevel(read *settings.Reader, name string) slog.Level {
	level, known := logLevels[read.Text(name)]
	if !known {
		read.Refuse(name, "Unknown level %s", settings.Quote(read.Text(name)))
	}
	return level
}
