package bootstrap_test

import (
	"strings"
	"testing"

	"meet/bootstrap"
	"meet/bootstrap/standalone"
)

// TestPublishedSecretsServeNoPublic tries what stands in examples.
func TestPublishedSecretsServeNoPublic(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"DJANGO_SECRET_KEY", "LIVEKIT_API_SECRET", "OIDC_RP_CLIENT_SECRET", "ROOMKIT_SERVER_TO_SERVER_API_TOKEN"} {
		for _, value := range []string{
			"ThisIsAnExampleKeyForDevPurposeOnly", "ThisIsAnExampleKeyForTestPurposeOnly", " DummyKey\n", "devkey", "secret", "password", "changeme",
			"<generate a secret key>", "secret-key-padded-for-minimum-len!-livekit", "replace-me-by-a-long-random-text-of-your-own-0123456789",
		} {
			for _, profile := range []string{"Production", "Feature", "Staging", "Sandbox", "PreProduction", "Demo", "Base", "Development", "Test"} {
				config, problems := bootstrap.Load(with(minimal(), map[string]string{name: value, "DJANGO_CONFIGURATION": profile}))
				refused, warned := told(problems, name+": everybody knows"), told(config.Warnings, name+" is known to everybody")
				public := profile != "Base" && profile != "Development" && profile != "Test"
				if refused != public || warned != (profile == "Base") {
					t.Errorf("%s=%q in %s: problems %v, warnings %v", name, value, profile, problems, config.Warnings)
				}
			}
		}
	}
}

// TestOpenDoorsAreWarnedOf in the profiles that the public comes to.
func TestOpenDoorsAreWarnedOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, value string }{
		{"DJANGO_SECRET_KEY", "x"}, {"DJANGO_SECRET_KEY", strings.Repeat("ab", 40)}, {"LIVEKIT_API_SECRET", "y"}, {"OIDC_RP_CLIENT_SECRET", "z"},
		{"ROOMKIT_SERVER_TO_SERVER_API_TOKEN", "1"}, {"DJANGO_ALLOWED_HOSTS", "meet.example.org,*"}, {"OIDC_VERIFY_SSL", "false"},
		{"LIVEKIT_VERIFY_SSL", "no"}, {"OIDC_ALLOW_UNKNOWN_ISSUER", "true"}, {"DJANGO_CORS_ALLOW_ALL_ORIGINS", "1"}, {"OIDC_USE_NONCE", "0"},
		{"DB_PASSWORD", "pass"}, {"DJANGO_EMAIL_HOST_PASSWORD", "password"},
	} {
		changed := with(minimal(), map[string]string{c.name: c.value})
		config, problems := bootstrap.Load(changed)
		if len(problems) > 0 || !told(config.Warnings, c.name+" ") {
			t.Errorf("%s=%s: problems %v, warnings %v", c.name, c.value, problems, config.Warnings)
		}
		if setup := bootstrap.Setup(changed, ""); !told(setup.Warnings, c.name+" ") {
			t.Errorf("%s=%s: the doctor knows of %v", c.name, c.value, setup.Warnings)
		}
	}
	strong := map[string]string{"DJANGO_SECRET_KEY": "kQ3vY9pZr7Lw2XtB8nMd5RfG6hJs4CaE", "LIVEKIT_API_SECRET": "Zr7Lw2XtB8nMd5RfG6hJs4CaEkQ3vY9p", "OIDC_RP_CLIENT_SECRET": "Md5RfG6hJs4CaEkQ3", "TRUSTED_PROXIES": "192.0.2.1"}
	config, _ := bootstrap.Load(with(minimal(), strong))
	for _, warning := range config.Warnings {
		if !strings.HasPrefix(warning, "DJANGO_SETTINGS_MODULE has no effect") {
			t.Errorf("a good set-up: %s", warning)
		}
	}
}

// TestPublishedPasswordsInAddressesAreWarnedOf wherever an address may hold
// one, encoded or not, and where the default is used.
func TestPublishedPasswordsInAddressesAreWarnedOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, value string
		warned      bool
	}{
		{"DATABASE_URL", "postgres://meet:pass@db/meet", true},
		{"DATABASE_URL", "postgres://meet:p%61ss@db/meet", true},
		{"DATABASE_URL", "postgres://meet@db/meet?password=pass", true},
		{"DATABASE_URL", "postgres://meet:hidden-long-enough@db/meet", false},
		{"DATABASE_URL", "postgres://meet@db/meet", false},
		{"REDIS_URL", "redis://:password@redis:6379/1", true},
		{"REDIS_URL", "redis://meet@redis:6379/1", false},
		{"REDIS_URL", "redis://redis:6379/1?password=changeme", true},
		{"REDIS_URL", "redis+sentinel://:hidden-long-enough@s:26379/meet?sentinel_password=password", true},
		{"REDIS_URL", "redis+sentinel://:hidden-long-enough@s:26379/meet?sentinel_password=hidden-too", false},
		{"OIDC_PROXY", "http://meet:password@proxy:3128", true},
		{"OIDC_PROXY", "http://meet:hidden-long-enough@proxy:3128", false},
		{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://meet:secret@traces:4318", true},
	} {
		env := with(minimal(), map[string]string{c.name: c.value})
		if config, _ := bootstrap.Load(env); told(config.Warnings, c.name+" holds a password that is known to everybody") != c.warned {
			t.Errorf("%s=%s: warnings %v", c.name, c.value, config.Warnings)
		}
	}
	for _, name := range []string{"DB_HOST", "DB_USER", "DB_NAME", "DB_PORT"} {
		env := minimal()
		for _, other := range []string{"DB_HOST", "DB_USER", "DB_NAME", "DB_PORT", "DB_PASSWORD"} {
			if other != name {
				delete(env, other)
			}
		}
		config, problems := bootstrap.Load(env)
		if !told(config.Warnings, "DB_PASSWORD is not set") || len(problems) > 0 {
			t.Errorf("%s alone: problems %v, warnings %v", name, problems, config.Warnings)
		}
	}
}

// TestTheDemoProviderIsNotForThePublic warns where others than this machine
// may come.
func TestTheDemoProviderIsNotForThePublic(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		env  map[string]string
		open bool
	}{
		{map[string]string{}, false},
		{map[string]string{"LISTEN_ADDR": "localhost:8000", "DJANGO_ALLOWED_HOSTS": "localhost, [::1], meet.localhost"}, false},
		{map[string]string{"LISTEN_ADDR": ":8000"}, true},
		{map[string]string{"LISTEN_ADDR": "0.0.0.0:8000"}, true},
		{map[string]string{"LISTEN_ADDR": "192.0.2.1:8000"}, true},
		{map[string]string{"DJANGO_ALLOWED_HOSTS": "meet.example.org"}, true},
		{map[string]string{"DJANGO_ALLOWED_HOSTS": "*"}, true},
		{map[string]string{"LISTEN_ADDR": ":8000", "OIDC_OP_URL": "https://id.example.org"}, false},
	} {
		env := with(c.env, map[string]string{"DJANGO_DATA_DIR": t.TempDir()})
		addition, err := standalone.Edition.Complete(env)
		if err != nil || (len(addition.Warnings) > 0) != c.open {
			t.Errorf("%v: warnings %v, error %v", c.env, addition.Warnings, err)
		}
	}
}

func told(texts []string, start string) bool {
	for _, text := range texts {
		if strings.HasPrefix(text, start) {
			return true
		}
	}
	return false
}
