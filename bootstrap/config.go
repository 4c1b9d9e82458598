package bootstrap

import (
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"meet/adapters/httpapi"
	"meet/adapters/livekit"
	"meet/adapters/oidc"
	"meet/adapters/smtp"
	"meet/adapters/sqlstore"
	"meet/application/audit"
	"meet/application/signin"
	"meet/bootstrap/settings"
	"meet/domain"
)

// Config is everything the environment decides.
type Config struct {
	ListenAddr     string
	ShutdownDelay  time.Duration // from the signal until nobody is let in any more
	MigrateOnStart bool

	Database  sqlstore.Config
	OIDC      oidc.Config
	SignIn    signin.Config
	LiveKit   livekit.Config
	VerifySSL bool // of LiveKit
	Rooms     domain.TokenRules
	Analytics AnalyticsConfig
	HTTP      httpapi.Config
	Meetings  MeetingsConfig
	SMTP      smtp.Config
	Watch     WatchConfig
	Audit     audit.Rules

	Warnings []string
}

// AnalyticsConfig says where activities are told.
type AnalyticsConfig struct {
	Backend  string // june, log or none
	Key      string
	Endpoint string
}

// Environment is the variables of this process, filled up from a .env file in
// the working directory and then from defaults.
func Environment(defaults map[string]string) (map[string]string, error) {
	env := map[string]string{}
	for name, value := range defaults {
		env[name] = value
	}
	file, err := settings.ReadDotenv(".env")
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	for name, value := range file {
		env[name] = value
	}
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	return env, nil
}

const (
	minSecret      = 32      // characters
	referenceClass = "core." // how the reference's analytics classes begin
)

// Profile is what DJANGO_CONFIGURATION chooses.
type Profile struct {
	Debug, Test, Production bool
}

var profiles = map[string]Profile{
	"Base": {}, "Build": {}, "Development": {Debug: true}, "Test": {Test: true}, "ContinuousIntegration": {Test: true},
	"Production": {Production: true}, "Feature": {Production: true}, "Staging": {Production: true},
	"Sandbox": {Production: true}, "PreProduction": {Production: true}, "Demo": {Production: true},
}

// Load reads the environment; problems holds every mistake in it.
func Load(env map[string]string) (config Config, problems []string) {
	read := settings.NewReader(func(name string) (string, bool) {
		value, set := env[name]
		return value, set
	})
	profile, known := profiles[read.Text("DJANGO_CONFIGURATION")]
	if !known {
		read.Refuse("DJANGO_CONFIGURATION", "there is no configuration %s", settings.Quote(read.Text("DJANGO_CONFIGURATION")))
	}
	config = Config{
		ListenAddr:     read.Text("LISTEN_ADDR"),
		ShutdownDelay:  read.Seconds("SHUTDOWN_DELAY", 0),
		MigrateOnStart: read.Bool("MIGRATE_ON_START"),
		VerifySSL:      read.Bool("LIVEKIT_VERIFY_SSL"),
	}
	if _, _, err := net.SplitHostPort(config.ListenAddr); err != nil {
		read.Refuse("LISTEN_ADDR", "expected host:port or :port, got %s", settings.Quote(config.ListenAddr))
	}
	if secret := read.Text("DJANGO_SECRET_KEY"); secret == "" {
		read.Refuse("DJANGO_SECRET_KEY", "must not be empty")
	}
	config.Database = loadDatabase(read, read.Text("DJANGO_DATA_DIR"))
	config.OIDC, config.SignIn = loadOIDC(read, profile)
	config.LiveKit = loadLiveKit(read, profile)
	config.Rooms = loadRooms(read)
	config.Analytics = loadAnalytics(read)
	config.HTTP = loadHTTP(read, profile)
	config.Meetings = loadMeetings(read, config.Rooms)
	config.SMTP = loadSMTP(read)
	config.Watch = loadWatch(read, profile)
	config.Audit = audit.Rules{Retention: time.Duration(read.Int("AUDIT_RETENTION_DAYS", 0)) * day}
	config.HTTP.PublicKeys = publicKeys(config.OIDC, read.Text("OIDC_RS_ENCRYPTION_ALGO"))
	loadSafety(read, profile)
	names := make([]string, 0, len(env))
	for name := range env {
		names = append(names, name)
	}
	config.Warnings = append(settings.Warnings(names), read.Warned()...)
	if backend := read.Text("ANALYTICS_BACKEND"); strings.HasPrefix(backend, referenceClass) {
		config.Warnings = append(config.Warnings, "ANALYTICS_BACKEND="+settings.Quote(backend)+" is not supported yet and has no effect")
	}
	if !profile.Debug && len(read.List("DJANGO_ALLOWED_HOSTS")) == 0 {
		config.HTTP.AllowedHosts = append(config.HTTP.AllowedHosts, "localhost", ".localhost", "127.0.0.1", "[::1]")
		config.Warnings = append(config.Warnings, "DJANGO_ALLOWED_HOSTS is empty: only loopback names are answered")
	}
	conceal := settings.NewConcealer(env)
	config.Warnings = conceal.Texts(config.Warnings)
	return config, conceal.Texts(read.Problems())
}

func loadDatabase(read *settings.Reader, dataDir string) sqlstore.Config {
	database, set := read.Database()
	if !set {
		database = settings.Database{SQLitePath: filepath.Join(dataDir, "meet.db")}
	}
	config := sqlstore.Config{
		PostgresURL: database.PostgresURL, SQLitePath: database.SQLitePath, MaxOpen: read.Int("DB_MAX_CONNECTIONS", 0),
		LockWait: read.Seconds("MIGRATE_LOCK_TIMEOUT", 1),
	}
	if config.PostgresURL != "" {
		for _, name := range read.PassedOver() {
			_ = os.Unsetenv(name) // the driver reads the environment itself, and refuses these whatever they say
		}
	}
	if err := sqlstore.Check(config); err != nil {
		read.Refuse("DATABASE_URL (or DB_*, PG*)", "%s", err)
	}
	return config
}

func prefixes(read *settings.Reader, name string) []netip.Prefix {
	var list []netip.Prefix
	for _, item := range read.List(name) {
		prefix, err := netip.ParsePrefix(item)
		if address, bad := netip.ParseAddr(item); err != nil && bad == nil {
			prefix, err = address.Prefix(address.BitLen())
		}
		if err != nil {
			read.Refuse(name, "%s is neither an address nor a CIDR range", settings.Quote(item))
			continue
		}
		list = append(list, prefix)
	}
	return list
}

func oneOf(read *settings.Reader, name string, allowed ...string) string {
	value := read.Text(name)
	if !slices.Contains(allowed, value) {
		read.Refuse(name, "%s is none of %s", settings.Quote(value), strings.Join(allowed, ", "))
	}
	return value
}
