package settings

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// misspelt are names that many deployments set and nobody reads.
var misspelt = map[string]string{
	"STORAGES_STATICFILES_BACKEND": "", "DJANGO_JWT_PRIVATE_SIGNING_KEY": "", "DJANGO_SUPERUSER_PASSWORD": "", "DJANGO_SUPERUSER_EMAIL": "",
	"SENTRY_DSN": "DJANGO_SENTRY_DSN", "DATA_DIR": "DJANGO_DATA_DIR",
	"SPECTACULAR_SETTINGS_ENABLE_DJANGO_DEPLOY_CHECK": "",
	"CSRF_TRUSTED_ORIGINS":                            "DJANGO_CSRF_TRUSTED_ORIGINS",
	"EMAIL_BRAND_NAME":                                "DJANGO_EMAIL_BRAND_NAME", "EMAIL_SUPPORT_EMAIL": "DJANGO_EMAIL_SUPPORT_EMAIL",
	"EMAIL_LOGO_IMG": "DJANGO_EMAIL_LOGO_IMG", "EMAIL_DOMAIN": "DJANGO_EMAIL_DOMAIN", "EMAIL_APP_BASE_URL": "DJANGO_EMAIL_APP_BASE_URL",
	"DJANGO_ALLOW_UNSECURE_USER_LISTING": "ALLOW_UNSECURE_USER_LISTING",
	"DJANGO_CELERY_BROKER_URL":           "", "DJANGO_CELERY_BROKER_TRANSPORT_OPTIONS": "", "DJANGO_CELERY_TASK_ALWAYS_EAGER": "",
	"DJANGO_OIDC_CREATE_USER": "OIDC_CREATE_USER", "DEFAULT_ROOM_IS_PUBLIC": "RESOURCE_DEFAULT_ACCESS_LEVEL",
	"MEET_BASE_URL": "", "LIVEKIT_INTERNAL_URL": "LIVEKIT_API_URL", "OIDC_OP_BASE_URL": "OIDC_OP_URL",
	"SUSTAINED_THROTTLE_RATES": "", "BURST_THROTTLE_RATES": "",
}

// prefixes that only variables of this product have.
var prefixes = []string{
	"DJANGO_", "OIDC_", "LIVEKIT_", "ROOM_", "ROOMKIT_", "RECORDING_", "FRONTEND_", "LOBBY_", "FILE_UPLOAD_", "APPLICATION_",
	"ADDONS_", "EXTERNAL_API_", "SUMMARY_SERVICE_", "CONNECTION_TEST_", "METADATA_COLLECTOR_", "ANALYTICS_", "BREVO_", "RESOURCE_",
	"LOGIN_REDIRECT", "LOGOUT_REDIRECT", "DB_", "SFU_", "DEMO_OIDC", "SESSION_", "CELERY_", "CREATION_CALLBACK_", "REQUEST_ENTRY_", "METRICS_", "AUDIT_", "LOG_FORMAT", "SHUTDOWN_",
}

// maxName is longer than any name of ours, in characters.
const maxName = 80

// outside are names with such a prefix that others read.
var outside = []string{"LIVEKIT_URL"}

// Warnings says, for the names in the environment, which have no effect: the
// misspelt ones with the right name, and those that are not supported yet.
func Warnings(names []string) []string {
	var warnings []string
	for _, name := range slices.Sorted(slices.Values(names)) {
		v, known := Find(name)
		if base, file := strings.CutSuffix(name, "_FILE"); file && !known {
			if v, known = Find(base); v.Type != "secret" {
				known = false
			}
		}
		switch {
		case known && v.Status == Later:
			warnings = append(warnings, name+" is not supported yet and has no effect")
		case known && v.Status == Unused:
			warnings = append(warnings, fmt.Sprintf("%s has no effect: %s", name, v.Meaning))
		case !known:
			warnings = append(warnings, unknown(name)...)
		}
	}
	return warnings
}

func unknown(name string) []string {
	if len(name) > maxName {
		return nil
	}
	if right, listed := misspelt[name]; listed {
		if right == "" {
			return []string{name + " has no effect"}
		}
		return []string{fmt.Sprintf("%s has no effect, did you mean %s?", name, right)}
	}
	ours := slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
	nearest, distance := Nearest(name)
	base := strings.TrimSuffix(name, "_FILE")
	_, plain := Find(base)
	switch {
	case slices.Contains(outside, name):
		return nil
	case plain:
		return []string{fmt.Sprintf("%s is not known, only secrets come from files; did you mean %s?", name, base)}
	case distance <= max(1, len(name)/5) && (ours || distance <= 2 && len(name) >= 8):
		return []string{fmt.Sprintf("%s is not known, did you mean %s?", name, nearest)}
	case ours:
		return []string{name + " is not known and has no effect"}
	}
	return nil
}

// Nearest is the known name that takes the fewest edits to reach.
func Nearest(name string) (nearest string, distance int) {
	distance = len(name) + 1
	for _, known := range slices.Sorted(maps.Keys(byName())) {
		if d := edits(name, known); d < distance {
			nearest, distance = known, d
		}
	}
	return nearest, distance
}

// edits is the Levenshtein distance of two ASCII texts.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
