package doctor

import (
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"meet/domain"
	"meet/test/process"
	"meet/test/redis"
	"meet/test/sink"
)

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

// kindsOfRedis are those that are not one server, and options of its URL.
func kindsOfRedis() []setUp {
	const check = "redis.connection"
	at := func(url func(t *testing.T) string) func(*testing.T, *world, map[string]string) {
		return func(t *testing.T, _ *world, env map[string]string) { env["REDIS_URL"] = url(t) }
	}
	return []setUp{
		{name: "a cluster", check: check, status: domain.Healthy, make: at(func(t *testing.T) string {
			url, _ := redis.StartCluster(t)
			return url
		})},
		{name: "a set that Sentinel watches", check: check, status: domain.Healthy, make: at(func(t *testing.T) string { return redis.StartSet(t).URL })},
		{name: "a set of another name", check: check, status: domain.Broken, mend: []string{"name", "redis+sentinel://"}, make: at(func(t *testing.T) string {
			return strings.Replace(redis.StartSet(t).URL, "/"+redis.SetName+"/", "/another/", 1)
		})},
		{name: "Sentinels that do not answer", check: check, status: domain.Broken, mend: []string{"REDIS_URL", "Sentinel"}, make: at(func(t *testing.T) string {
			return "redis+sentinel://" + process.Free(t) + "/meet"
		})},
		{name: "a cluster that is none", check: check, status: domain.Broken, mend: []string{"redis+cluster://"}, make: at(func(t *testing.T) string {
			return "redis+cluster://" + redis.Start(t).Address
		})},
		{name: "TLS where there is none", check: check, status: domain.Broken, mend: []string{"redis://", "rediss://"}, make: at(func(t *testing.T) string {
			return "rediss://" + redis.Start(t).Address
		})},
		{name: "an unknown user", check: check, status: domain.Broken, mend: []string{"user and password", "REDIS_URL"}, make: at(func(t *testing.T) string {
			return strings.Replace(redis.StartWith(t, "--requirepass", "hidden-redis").URL, "redis://", "redis://nobody:hidden-other@", 1)
		})},
		{name: "a node of a cluster", check: check, status: domain.Broken, mend: []string{"redis+cluster://", "REDIS_URL"}, make: at(func(t *testing.T) string {
			_, nodes := redis.StartCluster(t)
			return "redis://" + nodes[0].Address
		})},
		{name: "a port of Sentinel", check: check, status: domain.Broken, mend: []string{"redis+sentinel://", "REDIS_URL"}, make: at(func(t *testing.T) string {
			hosts, _, _ := strings.Cut(strings.TrimPrefix(redis.StartSet(t).URL, "redis+sentinel://"), ",")
			return "redis://" + hosts
		})},
		{name: "a release that is too old", check: "redis.version", status: domain.Broken, mend: []string{"6.2 or newer"}, make: at(func(t *testing.T) string {
			return redis.Start(t).Older(t, "6.0")
		})},
		{name: "a server that only reads", check: "redis.role", status: domain.Broken, mend: []string{"REDIS_URL", "redis+sentinel://"}, make: at(replica)},
		{name: "an option that changes nothing", check: "configuration", status: domain.Doubtful, mend: []string{"REDIS_URL"}, make: at(func(t *testing.T) string {
			return redis.Start(t).URL + "?health_check_interval=30"
		})},
		{name: "an option nobody knows", check: "configuration", status: domain.Broken, mend: []string{"REDIS_URL"}, make: at(func(t *testing.T) string {
			return redis.Start(t).URL + "?something=hidden-x"
		})},
		{name: "an option for TLS without TLS", check: "configuration", status: domain.Broken, mend: []string{"REDIS_URL"}, make: at(func(t *testing.T) string {
			return redis.Start(t).URL + "?ssl_cert_reqs=none"
		})},
		{name: "a certificate that is not checked", check: "configuration", status: domain.Doubtful, mend: []string{"REDIS_URL"}, make: at(func(t *testing.T) string {
			return "rediss://" + redis.Start(t).Address + "?ssl_cert_reqs=none"
		})},
	}
}

// replica is a server that follows another one.
func replica(t *testing.T) string {
	primary := redis.Start(t)
	follower := redis.StartWith(t, "--replicaof", strings.Replace(primary.Address, ":", " ", 1))
	client := goredis.NewClient(&goredis.Options{Addr: follower.Address})
	defer client.Close()
	for !strings.Contains(client.Info(t.Context(), "replication").Val(), "master_link_status:up") {
		if t.Context().Err() != nil {
			t.Fatal("the replica does not follow")
		}
	}
	return follower.URL
}

// loginOnly are mail servers that know AUTH LOGIN alone.
func loginOnly() []setUp {
	server := func(t *testing.T, _ *world, env map[string]string) {
		mail := sink.Start(t)
		mail.Password, mail.Login = mailPassword, true
		env["DJANGO_EMAIL_PORT"] = mail.Port
	}
	return []setUp{
		{name: "LOGIN alone", check: "smtp.connection", status: domain.Broken, mend: []string{"DJANGO_EMAIL_AUTH_MECHANISM", "login"}, make: server},
		{name: "LOGIN as configured", env: vars{"DJANGO_EMAIL_AUTH_MECHANISM": "login"}, check: "smtp.connection", status: domain.Healthy, make: server},
		{name: "a mechanism nobody knows", env: vars{"DJANGO_EMAIL_AUTH_MECHANISM": "xoauth2"}, check: "configuration", status: domain.Broken,
			mend: []string{"DJANGO_EMAIL_AUTH_MECHANISM"}},
	}
}
