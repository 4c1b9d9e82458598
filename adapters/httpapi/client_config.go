package httpapi

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// ClientConfig is what web clients learn at their start.
type ClientConfig struct {
	LanguageCode string          `json:"LANGUAGE_CODE"`
	Recording    RecordingConfig `json:"recording"`
	Background   ImageConfig     `json:"background_image"`
	Telephony    any             `json:"telephony"` // TelephonyConfig or TelephonyOff
	Resource     ResourceConfig  `json:"resource"`
	Subtitle     Switch          `json:"subtitle"`
	Diagnostics  DiagnosticsConf `json:"diagnostics"`
	LiveKit      LiveKitConfig   `json:"livekit"`
	MayEditName  bool            `json:"authenticated_users_can_edit_display_name"`
	FrontendConfig
}

// RecordingConfig tells clients about recordings.
type RecordingConfig struct {
	IsEnabled      bool     `json:"is_enabled"`
	AvailableModes []string `json:"available_modes"`
	ExpirationDays *int     `json:"expiration_days"`
	MaxDuration    *int     `json:"max_duration"` // milliseconds
}

// ImageConfig tells clients which background images they may upload.
type ImageConfig struct {
	UploadIsEnabled   bool     `json:"upload_is_enabled"`
	MaxCountByUser    int      `json:"max_count_by_user"`
	MaxSize           int      `json:"max_size"` // bytes
	AllowedExtensions []string `json:"allowed_extensions"`
	AllowedMimetypes  []string `json:"allowed_mimetypes"`
}

// TelephonyConfig tells clients the number to dial in.
type TelephonyConfig struct {
	Enabled bool    `json:"enabled"`
	Country *string `json:"default_country"` // ISO 3166 region of the number
	Number  string  `json:"international_phone_number"`
}

// TelephonyOff says that nobody can dial in.
type TelephonyOff struct {
	Enabled bool `json:"enabled"`
}

// ResourceConfig tells clients what new rooms are like.
type ResourceConfig struct {
	DefaultAccessLevel string `json:"default_access_level"`
}

// Switch is a feature that is on or off.
type Switch struct {
	Enabled bool `json:"enabled"`
}

// DiagnosticsConf tells clients whether they can test their connection.
type DiagnosticsConf struct {
	ConnectionTestEnabled bool `json:"connection_test_enabled"`
}

// LiveKitConfig tells clients how to reach the media server.
type LiveKitConfig struct {
	URL              *string  `json:"url"`
	ForceWSSProtocol bool     `json:"force_wss_protocol"`
	FirefoxProxy     bool     `json:"enable_firefox_proxy_workaround"`
	DefaultSources   []string `json:"default_sources"`
}

// FrontendConfig is passed on to clients as it is set.
type FrontendConfig struct {
	CustomCSSURL             *string        `json:"custom_css_url"`
	Analytics                map[string]any `json:"analytics"`
	Support                  map[string]any `json:"support"`
	SilenceLiveKitDebugLogs  bool           `json:"silence_livekit_debug_logs"`
	IsSilentLoginEnabled     bool           `json:"is_silent_login_enabled"`
	IdleDisconnectDelay      *int           `json:"idle_disconnect_warning_delay"` // milliseconds
	Feedback                 map[string]any `json:"feedback"`
	DocumentationURL         *string        `json:"documentation_url"`
	ExternalHomeURL          *string        `json:"external_home_url"`
	UseFrenchGovFooter       bool           `json:"use_french_gov_footer"`
	UseProConnectButton      bool           `json:"use_proconnect_button"`
	ManifestLink             *string        `json:"manifest_link"`
	TranscriptionDestination *string        `json:"transcription_destination"`
	MaxParticipantsForSound  int            `json:"max_participants_for_sound"`
	AutoMuteOnJoinThreshold  int            `json:"auto_mute_on_join_threshold"`
}

// clientConfig serves GET /config/.
func (s *Server) clientConfig(c echo.Context) error {
	return respond(c, http.StatusOK, s.config.Client)
}
