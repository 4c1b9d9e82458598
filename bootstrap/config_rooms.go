package bootstrap

import (
	"slices"
	"strings"

	"meet/adapters/livekit"
	"meet/bootstrap/settings"
	"meet/domain"
)

// The media server of the Test profile.
const (
	testLiveKitKey    = "devkey-padded-for-minimum-len!-livekit"
	testLiveKitSecret = "secret-key-padded-for-minimum-len!-livekit"
	testLiveKitURL    = "http://127.0.0.1.nip.io:7880"
)

func loadLiveKit(read *settings.Reader, profile Profile) livekit.Config {
	if profile.Test {
		return livekit.Config{URL: testLiveKitURL, Key: testLiveKitKey, Secret: testLiveKitSecret}
	}
	config := livekit.Config{
		URL: read.URL("LIVEKIT_API_URL", "http", "https", "ws", "wss"), Key: read.Text("LIVEKIT_API_KEY"), Secret: read.Text("LIVEKIT_API_SECRET"),
	}
	for _, name := range []string{"LIVEKIT_API_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"} {
		if read.Text(name) == "" {
			read.Refuse(name, "must be set")
		}
	}
	if strings.Contains(config.URL, "@") {
		read.Warn("LIVEKIT_API_URL holds a user or password, and every browser is given it")
	}
	return config
}

func loadRooms(read *settings.Reader) domain.TokenRules {
	rules := domain.TokenRules{
		DefaultSources:  read.List("LIVEKIT_DEFAULT_SOURCES"),
		MembersMayName:  read.Bool("AUTHENTICATED_PARTICIPANTS_CAN_EDIT_DISPLAY_NAME"),
		Unregistered:    read.Bool("ALLOW_UNREGISTERED_ROOMS"),
		DefaultLevel:    domain.AccessLevel(oneOf(read, "RESOURCE_DEFAULT_ACCESS_LEVEL", "public", "trusted", "restricted")),
		PinAttempts:     read.Int("ROOM_TELEPHONY_PIN_MAX_RETRIES", 0),
		CallbackTimeout: read.Seconds("ROOM_CREATION_CALLBACK_CACHE_TIMEOUT", 0),
		TestPrefix:      read.Text("CONNECTION_TEST_ROOM_PREFIX"),
		TestTTL:         read.Seconds("CONNECTION_TEST_TOKEN_TTL_SECONDS", 1),
	}
	if read.Bool("ROOM_TELEPHONY_ENABLED") || read.Bool("ROOMKIT_ENABLED") {
		rules.PinLength = read.Int("ROOM_TELEPHONY_PIN_LENGTH", 0)
		if rules.PinLength < 4 {
			read.Refuse("ROOM_TELEPHONY_PIN_LENGTH", "PIN code length must be at least 4 digits for minimal security")
		}
	}
	return rules
}

func loadAnalytics(read *settings.Reader) AnalyticsConfig {
	config := AnalyticsConfig{
		Backend: read.Text("ANALYTICS_BACKEND"), Key: read.Text("ANALYTICS_KEY"), Endpoint: endpoint(read, "ANALYTICS_ENDPOINT"),
	}
	switch {
	case config.Backend == "" && config.Key != "":
		config.Backend = "june"
	case config.Backend == "":
		config.Backend = "none"
	case strings.HasPrefix(config.Backend, referenceClass):
		config.Backend = "none"
	case !slices.Contains([]string{"june", "log", "none"}, config.Backend):
		read.Refuse("ANALYTICS_BACKEND", "%s is none of june, log, none", settings.Quote(config.Backend))
	}
	if config.Backend == "june" && config.Key == "" {
		read.Refuse("ANALYTICS_KEY", "june needs it")
	}
	return config
}
