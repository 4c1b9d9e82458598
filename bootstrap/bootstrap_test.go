package bootstrap_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/fx"

	"meet/bootstrap"
	"meet/bootstrap/standalone"
)

// minimal is the least a production deployment of the reference sets.
func minimal() map[string]string {
	kc := "https://id.example.org/realms/meet/protocol/openid-connect/"
	return map[string]string{
		"DJANGO_CONFIGURATION": "Production", "DJANGO_SETTINGS_MODULE": "meet.settings", "DJANGO_SECRET_KEY": "hidden-django", "DJANGO_ALLOWED_HOSTS": "meet.example.org",
		"OIDC_OP_JWKS_ENDPOINT": kc + "certs", "OIDC_OP_AUTHORIZATION_ENDPOINT": kc + "auth", "OIDC_OP_TOKEN_ENDPOINT": kc + "token",
		"OIDC_OP_USER_ENDPOINT": kc + "userinfo", "OIDC_OP_LOGOUT_ENDPOINT": kc + "logout", "OIDC_RP_CLIENT_ID": "meet", "OIDC_RP_CLIENT_SECRET": "hidden-oidc",
		"OIDC_RP_SIGN_ALGO": "RS256", "OIDC_RP_SCOPES": "openid email", "LOGIN_REDIRECT_URL": "https://meet.example.org",
		"LOGIN_REDIRECT_URL_FAILURE": "https://meet.example.org", "LOGOUT_REDIRECT_URL": "https://meet.example.org",
		"OIDC_REDIRECT_ALLOWED_HOSTS": `["https://meet.example.org"]`, "LIVEKIT_API_KEY": "meet", "LIVEKIT_API_SECRET": "hidden-livekit",
		"LIVEKIT_API_URL": "https://livekit.example.org/", "ALLOW_UNREGISTERED_ROOMS": "False",
		"DB_HOST": "postgresql", "DB_NAME": "meet", "DB_USER": "meet", "DB_PASSWORD": "hidden-db", "DB_PORT": "5432",
		"DJANGO_EMAIL_HOST": "mail", "DJANGO_EMAIL_PORT": "25", "REDIS_URL": "redis://default:hidden-redis@redis:6379/1",
	}
}

func with(env, more map[string]string) map[string]string {
	all := maps.Clone(env)
	maps.Copy(all, more)
	return all
}

func TestTheReferencesEnvironmentsAreAccepted(t *testing.T) {
	t.Parallel()
	chart := map[string]string{
		"DJANGO_CSRF_TRUSTED_ORIGINS": "https://meet.example.org,http://meet.example.org", "DJANGO_SILENCED_SYSTEM_CHECKS": "security.W004, security.W008",
		"CELERY_ENABLED": "True", "CELERY_BROKER_URL": "redis://redis:6379/0", "OIDC_AUTH_REQUEST_EXTRA_PARAMS": "{'acr_values': 'eidas1'}",
		"OIDC_REDIRECT_ALLOWED_HOSTS": "https://meet.example.org", "OIDC_USERINFO_FULLNAME_FIELDS": "first_name, last_name",
		"LIVEKIT_FORCE_WSS_PROTOCOL": "True", "FRONTEND_SUPPORT": "{'id': 'x', 'help_article_transcript': 'y'}", "FRONTEND_FEEDBACK": "{'url': 'https://x'}",
		"FRONTEND_IDLE_DISCONNECT_WARNING_DELAY": "9000", "FRONTEND_IS_SILENT_LOGIN_ENABLED": "False", "ROOM_TELEPHONY_ENABLED": "True",
		"ROOM_TELEPHONY_DEFAULT_COUNTRY": "FR", "ROOM_TELEPHONY_PHONE_NUMBER": "+33901020304", "RECORDING_STORAGE_EVENT_ENABLE": "True",
	}
	development := map[string]string{
		"DJANGO_CONFIGURATION": "Development", "DJANGO_ALLOWED_HOSTS": "*", "OIDC_AUTH_REQUEST_EXTRA_PARAMS": `{"acr_values": "eidas1"}`,
		"LIVEKIT_API_URL": "http://127.0.0.1.nip.io:7880", "LIVEKIT_VERIFY_SSL": "False", "OIDC_OP_URL": "http://localhost:8083/realms/meet",
	}
	for name, env := range map[string]map[string]string{
		"minimal": minimal(), "chart": with(minimal(), chart), "development": with(minimal(), development),
		"platform": with(minimal(), map[string]string{"DATABASE_URL": "postgres://u:p@h:5432/n", "LIVEKIT_API_URL": "wss://livekit.example.org"}),
		"test":     with(minimal(), map[string]string{"DJANGO_CONFIGURATION": "Test"}),
	} {
		if _, problems := bootstrap.Load(env); len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
	}
	config, _ := bootstrap.Load(with(minimal(), chart))
	if !config.HTTP.RedirectHTTPS || !config.HTTP.SecureCookies || len(config.HTTP.TrustedOrigins) != 2 || config.Rooms.Unregistered || config.Rooms.PinLength != 10 {
		t.Errorf("chart: %+v", config.HTTP)
	}
	config, _ = bootstrap.Load(with(minimal(), development))
	if config.HTTP.RedirectHTTPS || config.HTTP.SessionCookie != "meet_sessionid" || !config.HTTP.CORSAllowAll || !config.HTTP.Documentation || config.VerifySSL {
		t.Errorf("development: %+v", config.HTTP)
	}
}

func TestEveryMistakeIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	_, problems := bootstrap.Load(map[string]string{
		"DJANGO_CONFIGURATION": "Prod", "OIDC_TIMEOUT": "x", "OIDC_USE_PKCE": "maybe", "OIDC_RP_SIGN_ALGO": "none", "DATABASE_URL": "mysql://u:hidden-@h/n",
		"RESOURCE_DEFAULT_ACCESS_LEVEL": "secret", "ROOMKIT_ENABLED": "1", "ROOM_TELEPHONY_PIN_LENGTH": "3", "ANALYTICS_BACKEND": "june", "TRUSTED_PROXIES": "x",
		"LISTEN_ADDR": "8000", "LOGGING_LEVEL_LOGGERS_APP": "LOUD", "OIDC_PROXY": "::", "DJANGO_LANGUAGE_CODE": "xx", "FRONTEND_DIR": "/nowhere",
		"OIDC_RS_PRIVATE_KEY_STR": "nonsense", "DJANGO_CORS_ALLOWED_ORIGIN_REGEXES": "(",
	})
	all := strings.Join(problems, "\n")
	for _, name := range []string{
		"DJANGO_CONFIGURATION", "OIDC_TIMEOUT", "OIDC_USE_PKCE", "OIDC_RP_SIGN_ALGO", "DATABASE_URL", "RESOURCE_DEFAULT_ACCESS_LEVEL", "ROOM_TELEPHONY_PIN_LENGTH",
		"ANALYTICS_KEY", "TRUSTED_PROXIES", "LISTEN_ADDR", "LOGGING_LEVEL_LOGGERS_APP", "OIDC_PROXY", "DJANGO_LANGUAGE_CODE", "FRONTEND_DIR", "DJANGO_SECRET_KEY",
		"OIDC_RS_PRIVATE_KEY_STR", "DJANGO_CORS_ALLOWED_ORIGIN_REGEXES", "LIVEKIT_API_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "OIDC_OP_URL",
	} {
		if !strings.Contains(all, name+":") {
			t.Errorf("%s is not named in:\n%s", name, all)
		}
	}
	if strings.Contains(all, "hidden-") {
		t.Errorf("a password is shown:\n%s", all)
	}
}

func TestTelephony(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ number, country, want string }{
		{"0123456789", "FR", `{"enabled":true,"default_country":"FR","international_phone_number":"+33 1 23 45 67 89"}`}, {"+33123456789", "US", `{"enabled":true,"default_country":"FR","international_phone_number":"+33 1 23 45 67 89"}`}, {"2025550123", "US", `{"enabled":true,"default_country":"US","international_phone_number":"+1 202-555-0123"}`},
		{"03012345678", "DE", `{"enabled":true,"default_country":"DE","international_phone_number":"+49 30 12345678"}`}, {"not-a-number", "FR", ""}, {"", "FR", ""}, {"+33123456789", "", ""},
	} {
		config, _ := bootstrap.Load(with(minimal(), map[string]string{
			"ROOM_TELEPHONY_ENABLED": "1", "ROOM_TELEPHONY_PHONE_NUMBER": c.number, "ROOM_TELEPHONY_DEFAULT_COUNTRY": c.country,
		}))
		want := `{"enabled":false}`
		if c.want != "" {
			want = c.want
		}
		if got, err := json.Marshal(config.HTTP.Client.Telephony); err != nil || string(got) != want {
			t.Errorf("%q in %q: got %s, want %s", c.number, c.country, got, want)
		}
	}
}

func TestTheWiringIsComplete(t *testing.T) {
	t.Parallel()
	for _, database := range []string{"postgres://u:p@127.0.0.1/n", "sqlite::memory:"} {
		config, problems := bootstrap.Load(with(minimal(), map[string]string{"DATABASE_URL": database}))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if err := fx.ValidateApp(bootstrap.Application(config)); err != nil {
			t.Errorf("%s: %v", database, err)
		}
	}
	addition, err := standalone.Edition.Complete(map[string]string{"DJANGO_DATA_DIR": t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	config, _ := bootstrap.Load(minimal())
	if err := fx.ValidateApp(bootstrap.Application(config, addition.Options...)); err != nil {
		t.Error(err)
	}
}

func TestTheConfigCommandMasksSecrets(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for name, value := range minimal() {
		t.Setenv(name, value)
	}
	t.Setenv("OIDC_USE_PCKE", "true")
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte("ANALYTICS_KEY=hidden-analytics\nOIDC_RP_CLIENT_ID=overridden\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	root := bootstrap.NewRoot(bootstrap.Edition{Name: "meet"})
	root.SetOut(&out)
	root.SetErr(&errs)
	root.SetArgs([]string{"config"})
	if err := root.Execute(); err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	if strings.Contains(out.String()+errs.String(), "hidden-") {
		t.Errorf("a secret is shown:\n%s%s", out.String(), errs.String())
	}
	for _, line := range []string{"DJANGO_SECRET_KEY=***\n", "OIDC_RP_CLIENT_ID=meet\n", "ANALYTICS_KEY=***\n", "OIDC_TIMEOUT=5  # default\n"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("%q is missing in:\n%s", line, out.String())
		}
	}
	if !strings.Contains(errs.String(), "OIDC_USE_PCKE is not known, did you mean OIDC_USE_PKCE?") {
		t.Errorf("warnings:\n%s", errs.String())
	}
}

func TestTheStandaloneServerKeepsItsKeys(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	var keys []string
	for range 2 {
		env := map[string]string{"DJANGO_DATA_DIR": dir}
		if _, err := standalone.Edition.Complete(env); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, env["DJANGO_SECRET_KEY"]+env["LIVEKIT_API_SECRET"])
	}
	if diff := cmp.Diff(keys[0], keys[1]); diff != "" || len(keys[0]) < 64 {
		t.Errorf("the keys changed: %s", diff)
	}
	info, err := os.Stat(filepath.Join(dir, "keys.env"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("keys.env: %v, error %v", info.Mode(), err)
	}
	env := map[string]string{"DJANGO_DATA_DIR": dir, "OIDC_OP_URL": "https://id.example.org"}
	addition, err := standalone.Edition.Complete(env)
	if err != nil || env["OIDC_OP_URL"] != "https://id.example.org" || strings.Contains(addition.Banner("0.0.0.0:80"), "Alice") {
		t.Errorf("the demo provider starts beside a configured one: %v", err)
	}
	if !strings.Contains(addition.Banner("0.0.0.0:80"), "https or localhost") {
		t.Error("the banner does not say what browsers need")
	}
}

func TestWhoIsAnsweredWithoutAnyHosts(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"Base", "Production", "Test"} {
		config, _ := bootstrap.Load(with(minimal(), map[string]string{"DJANGO_CONFIGURATION": profile, "DJANGO_ALLOWED_HOSTS": ""}))
		if !slices.Contains(config.HTTP.AllowedHosts, "localhost") || !strings.Contains(strings.Join(config.Warnings, " "), "DJANGO_ALLOWED_HOSTS is empty") {
			t.Errorf("%s: hosts %v, warnings %v", profile, config.HTTP.AllowedHosts, config.Warnings)
		}
	}
	config, _ := bootstrap.Load(minimal())
	if slices.Contains(config.HTTP.AllowedHosts, "localhost") {
		t.Error("localhost is answered beside a configured host")
	}
}

func TestTheDemoProviderMayBeNamed(t *testing.T) {
	t.Parallel()
	env := map[string]string{"DJANGO_DATA_DIR": t.TempDir(), "DEMO_OIDC_ADDR": "localhost:8123"}
	if _, err := standalone.Edition.Complete(env); err != nil || env["OIDC_OP_URL"] != "http://127.0.0.1:8123" && env["OIDC_OP_URL"] != "http://[::1]:8123" {
		t.Errorf("issuer %s, error %v", env["OIDC_OP_URL"], err)
	}
	if _, err := standalone.Edition.Complete(map[string]string{"DJANGO_DATA_DIR": t.TempDir(), "DEMO_OIDC_ADDR": "127.0.0.1:0"}); err == nil {
		t.Error("port 0 was taken")
	}
}
