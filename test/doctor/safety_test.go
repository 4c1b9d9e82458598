package doctor

import "meet/domain"

// unsafes are set-ups that work, and that others can walk into.
func unsafes() []setUp {
	const check = "configuration"
	return []setUp{
		{name: "the reference's secret", env: vars{"DJANGO_SECRET_KEY": "ThisIsAnExampleKeyForDevPurposeOnly"}, check: check, status: domain.Broken, mend: []string{"DJANGO_SECRET_KEY", "long random"}},
		{name: "LiveKit's secret for development", env: vars{"LIVEKIT_API_SECRET": "secret"}, check: check, status: domain.Broken, mend: []string{"LIVEKIT_API_SECRET", "long random"}},
		{name: "the reference's client secret", env: vars{"OIDC_RP_CLIENT_SECRET": "ThisIsAnExampleKeyForDevPurposeOnly"}, check: check, status: domain.Broken,
			mend: []string{"OIDC_RP_CLIENT_SECRET", "long random"}},
		{name: "a secret of one letter", env: vars{"OIDC_RP_CLIENT_SECRET": "x"}, check: check, status: domain.Doubtful, mend: []string{"OIDC_RP_CLIENT_SECRET", "long random"}},
		{name: "a secret that repeats itself", env: vars{"DJANGO_SECRET_KEY": "abababababababababababababababababababab"}, check: check, status: domain.Doubtful,
			mend: []string{"DJANGO_SECRET_KEY", "long random"}},
		{name: "a token of one letter", env: vars{"ROOMKIT_SERVER_TO_SERVER_API_TOKEN": "x"}, check: check, status: domain.Doubtful,
			mend: []string{"ROOMKIT_SERVER_TO_SERVER_API_TOKEN", "long random"}},
		{name: "a provider that anybody can play", env: vars{"OIDC_VERIFY_SSL": "false"}, check: check, status: domain.Doubtful, mend: []string{"OIDC_VERIFY_SSL=true"}},
		{name: "a LiveKit that anybody can play", env: vars{"LIVEKIT_VERIFY_SSL": "false"}, check: check, status: domain.Doubtful, mend: []string{"LIVEKIT_VERIFY_SSL=true"}},
		{name: "every origin", env: vars{"DJANGO_CORS_ALLOW_ALL_ORIGINS": "true"}, check: check, status: domain.Doubtful, mend: []string{"DJANGO_CORS_ALLOW_ALL_ORIGINS=false"}},
		{name: "no nonce", env: vars{"OIDC_USE_NONCE": "false"}, check: check, status: domain.Doubtful, mend: []string{"OIDC_USE_NONCE=true"}},
		{name: "a line end behind a value", env: vars{"OIDC_RP_CLIENT_ID": "meet\n"}, check: check, status: domain.Doubtful, mend: []string{"OIDC_RP_CLIENT_ID", "white space"}},
		{name: "a file that is not there", env: vars{"LIVEKIT_API_SECRET_FILE": "/nowhere/hidden-name"}, check: check, status: domain.Broken, mend: []string{"LIVEKIT_API_SECRET_FILE"}},
		{name: "a password with a # in a URL", env: vars{"OIDC_PROXY": "http://u:a@hidden-x#y@proxy:3128"}, check: check, status: domain.Broken, mend: []string{"OIDC_PROXY"}},
		{name: "a password in what browsers are given", env: vars{"LIVEKIT_API_URL": "wss://u:hidden-password@127.0.0.1:1"}, check: check, status: domain.Doubtful, mend: []string{"LIVEKIT_API_URL"}},
		{name: "an issuer that is no URL", env: vars{"OIDC_OP_URL": "id.example.org"}, check: check, status: domain.Broken, mend: []string{"OIDC_OP_URL"}},
		{name: "links that are no URL", env: vars{"DJANGO_EMAIL_APP_BASE_URL": "meet.example.org"}, check: check, status: domain.Doubtful, mend: []string{"DJANGO_EMAIL_APP_BASE_URL"}},
		{name: "a telephone number on no map", env: vars{"ROOM_TELEPHONY_ENABLED": "true", "ROOM_TELEPHONY_PHONE_NUMBER": "none"}, check: check, status: domain.Doubtful,
			mend: []string{"ROOM_TELEPHONY_PHONE_NUMBER"}},
	}
}
