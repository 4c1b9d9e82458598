package bootstrap

import (
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"meet/adapters/httpapi"
	"meet/adapters/phone"
	"meet/bootstrap/settings"
	"meet/web"
)

func loadHTTP(read *settings.Reader, profile Profile) httpapi.Config {
	config := httpapi.Config{
		AllowedHosts:       read.List("DJANGO_ALLOWED_HOSTS"),
		TrustedProxies:     prefixes(read, "TRUSTED_PROXIES"),
		RedirectHTTPS:      profile.Production,
		SecureCookies:      profile.Production,
		CORSAllowAll:       read.Bool("DJANGO_CORS_ALLOW_ALL_ORIGINS") || profile.Debug,
		CORSOrigins:        read.List("DJANGO_CORS_ALLOWED_ORIGINS"),
		SessionCookie:      "sessionid",
		SessionAge:         sessionAge(read),
		ReturnToField:      read.Text("OIDC_REDIRECT_FIELD_NAME"),
		LoginRedirect:      orRoot(read.Text("LOGIN_REDIRECT_URL")),
		LoginFailure:       orRoot(read.Text("LOGIN_REDIRECT_URL_FAILURE")),
		LogoutRedirect:     orRoot(read.Text("LOGOUT_REDIRECT_URL")),
		LogoutByGet:        read.Bool("ALLOW_LOGOUT_GET_METHOD"),
		StoreIDToken:       read.Bool("OIDC_STORE_ID_TOKEN"),
		ListUsers:          read.Bool("ALLOW_UNSECURE_USER_LISTING"),
		Documentation:      profile.Debug || profile.Test,
		Version:            Version(),
		LiveKitURL:         read.Text("LIVEKIT_API_URL"),
		FrontendFiles:      web.Files(),
		FrontendUnbuiltTip: "The web client is not part of this build. Install Node.js (version 20 or newer) with npm and run \"make run\" again, or set FRONTEND_DIR to a built frontend.",
	}
	if read.Set("USE_SWAGGER") {
		config.Documentation = read.Bool("USE_SWAGGER")
	}
	for _, pair := range read.Pairs("DJANGO_LANGUAGES") {
		config.Languages = append(config.Languages, pair[0])
	}
	if code := read.Text("DJANGO_LANGUAGE_CODE"); !slices.Contains(config.Languages, code) {
		read.Refuse("DJANGO_LANGUAGE_CODE", "%s is none of DJANGO_LANGUAGES", settings.Quote(code))
	}
	for i, text := range read.List("DJANGO_CORS_ALLOWED_ORIGIN_REGEXES") {
		pattern, err := regexp.Compile(text)
		if err != nil {
			read.Refuse("DJANGO_CORS_ALLOWED_ORIGIN_REGEXES", "item %d is not a regular expression (RE2)", i+1)
			continue
		}
		config.CORSRegexps = append(config.CORSRegexps, pattern)
	}
	if config.OneProxy = !read.Set("TRUSTED_PROXIES"); config.OneProxy && profile.Production {
		read.Warn("TRUSTED_PROXIES is not set: whoever connects from a private network is believed to be the proxy, and no second proxy is")
	}
	loadProfile(read, profile, &config)
	loadInMeeting(read, profile, &config)
	config.Client = loadClient(read, config.LiveKitURL)
	config.Client.Subtitle.Enabled = config.SubtitleAgent != ""
	config.Client.Diagnostics.ConnectionTestEnabled = config.ConnectionTest
	return config
}

// loadProfile is what a profile fixes.
func loadProfile(read *settings.Reader, profile Profile, config *httpapi.Config) {
	switch {
	case profile.Debug:
		config.AllowedHosts = []string{"*"}
		config.TrustedOrigins = []string{"http://localhost:8072", "http://localhost:3000"}
		config.SessionCookie = "meet_sessionid"
	case profile.Test:
		config.LiveKitURL = testLiveKitURL
		config.AllowedHosts = append(config.AllowedHosts, "testserver")
	case profile.Production:
		config.TrustedOrigins = read.List("DJANGO_CSRF_TRUSTED_ORIGINS")
		config.AllowedHosts = append(config.AllowedHosts, ownAddresses()...)
	}
	dir := read.Text("FRONTEND_DIR")
	if dir == "" {
		return
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		read.Refuse("FRONTEND_DIR", "is not a folder that this user may read")
		return
	}
	root, err := os.OpenRoot(dir) // links that lead out of it are not followed
	if err != nil {
		read.Refuse("FRONTEND_DIR", "cannot be opened")
		return
	}
	config.FrontendFiles, config.FrontendIsForeign = root.FS(), true
	config.FrameAncestors = frameAncestors(read)
	config.FrontendUnbuiltTip = "FRONTEND_DIR holds no index.html."
	if _, err := fs.Stat(config.FrontendFiles, "index.html"); err != nil {
		read.Refuse("FRONTEND_DIR", "the folder holds no index.html")
	}
}

// frameAncestors are who may frame what is made for that, in the words of a
// content security policy.
func frameAncestors(read *settings.Reader) []string {
	const name = "FRONTEND_FRAME_ANCESTORS"
	list := read.List(name)
	for _, source := range list {
		parsed, err := url.Parse(strings.Replace(source, "://*.", "://", 1))
		origin := err == nil && (parsed.Scheme == "https" || parsed.Scheme == "http") && parsed.Host != "" && parsed.Path == "" && parsed.User == nil
		if source != "*" && !origin || strings.ContainsAny(source, " ;,'\"") {
			read.Refuse(name, "%s is no origin such as https://www.example.org or https://*.example.org, and not *", settings.Quote(source))
		}
	}
	if len(list) == 0 {
		return []string{"'none'"}
	}
	return list
}

// ownAddresses are those under which probes of an orchestrator address us.
func ownAddresses() []string {
	var own []string
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		slog.Warn("own addresses are not known", "error", err)
	}
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok && !network.IP.IsLoopback() {
			own = append(own, network.IP.String())
		}
	}
	return own
}

func loadClient(read *settings.Reader, liveKitURL string) httpapi.ClientConfig {
	restrictions, _ := read.Dict("FILE_UPLOAD_RESTRICTIONS")["background_image"].(map[string]any)
	image := httpapi.ImageConfig{MaxCountByUser: 10, MaxSize: 2097152,
		AllowedExtensions: texts(restrictions["allowed_extensions"]), AllowedMimetypes: texts(restrictions["allowed_mimetypes"])}
	if count, ok := restrictions["max_count_by_user"].(int); ok {
		image.MaxCountByUser = count
	}
	if size, ok := restrictions["max_size"].(int); ok {
		image.MaxSize = size
	}
	return httpapi.ClientConfig{
		LanguageCode: read.Text("DJANGO_LANGUAGE_CODE"),
		Recording: httpapi.RecordingConfig{
			AvailableModes: modes(read), ExpirationDays: read.IntOrNull("RECORDING_EXPIRATION_DAYS"), MaxDuration: read.IntOrNull("RECORDING_MAX_DURATION"),
		},
		Background: image,
		Telephony:  telephony(read),
		Resource:   httpapi.ResourceConfig{DefaultAccessLevel: read.Text("RESOURCE_DEFAULT_ACCESS_LEVEL")},
		LiveKit: httpapi.LiveKitConfig{
			URL: &liveKitURL, ForceWSSProtocol: read.Bool("LIVEKIT_FORCE_WSS_PROTOCOL"),
			FirefoxProxy: read.Bool("LIVEKIT_ENABLE_FIREFOX_PROXY_WORKAROUND"), DefaultSources: read.List("LIVEKIT_DEFAULT_SOURCES"),
		},
		MayEditName:    read.Bool("AUTHENTICATED_PARTICIPANTS_CAN_EDIT_DISPLAY_NAME"),
		FrontendConfig: loadFrontend(read),
	}
}

func loadFrontend(read *settings.Reader) httpapi.FrontendConfig {
	return httpapi.FrontendConfig{
		CustomCSSURL:             read.TextOrNull("FRONTEND_CUSTOM_CSS_URL"),
		Analytics:                read.Dict("FRONTEND_ANALYTICS"),
		Support:                  read.Dict("FRONTEND_SUPPORT"),
		SilenceLiveKitDebugLogs:  read.Bool("FRONTEND_SILENCE_LIVEKIT_DEBUG"),
		IsSilentLoginEnabled:     read.Bool("FRONTEND_IS_SILENT_LOGIN_ENABLED"),
		IdleDisconnectDelay:      read.IntOrNull("FRONTEND_IDLE_DISCONNECT_WARNING_DELAY"),
		Feedback:                 read.Dict("FRONTEND_FEEDBACK"),
		DocumentationURL:         read.TextOrNull("FRONTEND_DOCUMENTATION_URL"),
		ExternalHomeURL:          read.TextOrNull("FRONTEND_EXTERNAL_HOME_URL"),
		UseFrenchGovFooter:       read.Bool("FRONTEND_USE_FRENCH_GOV_FOOTER"),
		UseProConnectButton:      read.Bool("FRONTEND_USE_PROCONNECT_BUTTON"),
		ManifestLink:             read.TextOrNull("FRONTEND_MANIFEST_LINK"),
		TranscriptionDestination: read.TextOrNull("FRONTEND_TRANSCRIPTION_DESTINATION"),
		MaxParticipantsForSound:  read.Int("FRONTEND_MAX_PARTICIPANTS_FOR_SOUND", 0),
		AutoMuteOnJoinThreshold:  read.Int("FRONTEND_AUTO_MUTE_ON_JOIN_THRESHOLD", 0),
	}
}

func modes(read *settings.Reader) []string {
	list := []string{}
	for mode := range read.Dict("RECORDING_WORKER_CLASSES") {
		list = append(list, mode)
	}
	slices.Sort(list)
	return list
}

// telephony is what clients learn about dialling in. A number that cannot be
// read is an operator's mistake, but nobody else's problem.
func telephony(read *settings.Reader) any {
	if !read.Bool("ROOM_TELEPHONY_ENABLED") {
		return httpapi.TelephonyOff{}
	}
	number, region, err := phone.International(read.Text("ROOM_TELEPHONY_PHONE_NUMBER"), read.Text("ROOM_TELEPHONY_DEFAULT_COUNTRY"))
	if err != nil {
		read.Warn("ROOM_TELEPHONY_PHONE_NUMBER is no number of ROOM_TELEPHONY_DEFAULT_COUNTRY: clients are told of no telephony")
		return httpapi.TelephonyOff{}
	}
	config := httpapi.TelephonyConfig{Enabled: true, Number: number}
	if region != "" {
		config.Country = &region
	}
	return config
}

func texts(value any) []string {
	list := []string{}
	items, _ := value.([]any)
	for _, item := range items {
		list = append(list, fmt.Sprint(item))
	}
	return list
}

// sessionAge is how long a sign-in lasts before the provider is asked again.
func sessionAge(read *settings.Reader) time.Duration {
	age := read.Seconds("SESSION_COOKIE_AGE", 1)
	if recheck := read.Seconds("OIDC_SESSION_RECHECK_AGE", 0); recheck > 0 {
		return min(age, recheck)
	}
	return age
}

func orRoot(address string) string {
	if address == "" {
		return "/"
	}
	return address
}
