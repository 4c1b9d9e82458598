package bootstrap

import (
	"fmt"
	"net/mail"
	"regexp"
	"time"

	"meet/adapters/httpapi"
	"meet/adapters/redisstore"
	"meet/adapters/smtp"
	"meet/application/event"
	"meet/application/lobby"
	"meet/bootstrap/settings"
	"meet/domain"
)

// MeetingsConfig is an instance's choices about what happens in meetings.
type MeetingsConfig struct {
	Lobby       lobby.Rules
	LobbyPrefix string // of its keys in Redis
	Redis       string // URL, "" for none
	Events      event.Rules
	Reconcile   time.Duration // between two comparisons with LiveKit
}

const day = 24 * time.Hour

func loadMeetings(read *settings.Reader, tokens domain.TokenRules) MeetingsConfig {
	config := MeetingsConfig{
		Lobby: lobby.Rules{Tokens: tokens, LobbyRules: domain.LobbyRules{
			Waiting: read.Seconds("LOBBY_WAITING_TIMEOUT", 1), Accepted: read.Seconds("LOBBY_ACCEPTED_TIMEOUT", 1),
			Denied: read.Seconds("LOBBY_DENIED_TIMEOUT", 1), Notice: read.Text("LOBBY_NOTIFICATION_TYPE"),
		}},
		LobbyPrefix: read.Text("LOBBY_KEY_PREFIX"),
		Redis:       read.Text("REDIS_URL"),
		Events: event.Rules{
			TestPrefix:      tokens.TestPrefix,
			TestAge:         tokens.TestTTL + read.Seconds("CONNECTION_TEST_ROOM_EXTRA_AGE_SECONDS", 0),
			DialIn:          read.Bool("ROOM_TELEPHONY_ENABLED") || read.Bool("ROOMKIT_ENABLED"),
			EgressCompletes: !read.Bool("RECORDING_STORAGE_EVENT_ENABLE"),
			Retention:       time.Duration(read.Int("PRESENCE_RETENTION_DAYS", 0)) * day,
		},
		Reconcile: read.Seconds("RECONCILE_SECONDS", 1),
	}
	if text := read.Text("LIVEKIT_WEBHOOK_EVENTS_FILTER_REGEX"); text != "" {
		pattern, err := regexp.Compile(text)
		if err != nil {
			read.Refuse("LIVEKIT_WEBHOOK_EVENTS_FILTER_REGEX", "is not a regular expression (RE2)")
		}
		config.Events.Filter = pattern
	}
	if config.Redis != "" {
		address, err := redisstore.Parse(config.Redis)
		if err != nil {
			read.Refuse("REDIS_URL", "%s", err)
		}
		for _, warning := range address.Warnings {
			read.Warn("REDIS_URL " + warning)
		}
	}
	if tokens.TestPrefix == "" {
		read.Refuse("CONNECTION_TEST_ROOM_PREFIX", "must not be empty: events of all rooms would be ignored")
	}
	return config
}

func loadSMTP(read *settings.Reader) smtp.Config {
	config := smtp.Config{
		Host: read.Text("DJANGO_EMAIL_HOST"), User: read.Text("DJANGO_EMAIL_HOST_USER"), Password: read.Text("DJANGO_EMAIL_HOST_PASSWORD"),
		StartTLS: read.Bool("DJANGO_EMAIL_USE_TLS"), TLS: read.Bool("DJANGO_EMAIL_USE_SSL"), From: read.Text("DJANGO_EMAIL_FROM"),
		Brand: read.Text("DJANGO_EMAIL_BRAND_NAME"), Logo: read.Text("DJANGO_EMAIL_LOGO_IMG"),
		Domain: read.Text("DJANGO_EMAIL_DOMAIN"), BaseURL: read.Text("DJANGO_EMAIL_APP_BASE_URL"),
	}
	if how := oneOf(read, "DJANGO_EMAIL_AUTH_MECHANISM", "auto", "plain", "login", "cram-md5"); how != "auto" {
		config.Auth = how
	}
	if read.Set("DJANGO_EMAIL_PORT") {
		config.Port = read.Int("DJANGO_EMAIL_PORT", 0)
	}
	if _, err := settings.ParseURL(config.BaseURL, "http", "https"); err != nil && config.BaseURL != "" {
		read.Warn(fmt.Sprintf("DJANGO_EMAIL_APP_BASE_URL %s: invitations lead nowhere", err))
		config.BaseURL = ""
	}
	if config.StartTLS && config.TLS {
		read.Refuse("DJANGO_EMAIL_USE_SSL", "excludes DJANGO_EMAIL_USE_TLS")
	}
	if config.Password != "" && !config.StartTLS && !config.TLS && config.Auth != "cram-md5" {
		read.Warn("DJANGO_EMAIL_HOST_PASSWORD is sent unencrypted: set DJANGO_EMAIL_USE_TLS or DJANGO_EMAIL_USE_SSL")
	}
	if _, err := mail.ParseAddress(config.From); err != nil {
		read.Refuse("DJANGO_EMAIL_FROM", "is not an e-mail address, expected meet@example.org or Meet <meet@example.org>")
	}
	return config
}

// loadInMeeting is what endpoints around a running meeting need.
func loadInMeeting(read *settings.Reader, profile Profile, config *httpapi.Config) {
	rate := func(name string) httpapi.Rate {
		limit, period := read.Rate(name)
		return httpapi.Rate{Limit: limit, Period: period}
	}
	config.Rates = httpapi.Rates{
		CreationCallback: rate("CREATION_CALLBACK_THROTTLE_RATES"), RequestEntry: rate("REQUEST_ENTRY_THROTTLE_RATES"),
		RoomkitJoin: rate("ROOMKIT_JOIN_THROTTLE_RATES"), ConnectionTest: rate("CONNECTION_TEST_THROTTLE_RATES"),
		Invitations: rate("INVITATION_THROTTLE_RATES"),
	}
	config.Secret = read.Text("DJANGO_SECRET_KEY")
	config.LobbyCookie = read.Text("LOBBY_COOKIE_NAME")
	config.RoomkitToken = read.Text("ROOMKIT_SERVER_TO_SERVER_API_TOKEN")
	if read.Bool("ROOMKIT_ENABLED") {
		config.RoomkitPinLength = read.Int("ROOM_TELEPHONY_PIN_LENGTH", 0)
	}
	if read.Bool("ROOM_SUBTITLE_ENABLED") {
		config.SubtitleAgent = read.Text("ROOM_SUBTITLE_AGENT_NAME")
	}
	config.ConnectionTest = read.Bool("CONNECTION_TEST_ENABLED") || profile.Test
	config.ForbiddenPermissions = read.List("PARTICIPANT_FORBIDDEN_PERMISSION_FIELDS")
	for _, name := range config.ForbiddenPermissions {
		if !domain.PermissionName(name) {
			read.Refuse("PARTICIPANT_FORBIDDEN_PERMISSION_FIELDS", "there is no permission %s", settings.Quote(name))
		}
	}
}
