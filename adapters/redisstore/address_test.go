package redisstore

import (
	"crypto/tls"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// read is what of an address matters.
type read struct {
	Addrs                  string
	User, Password, Master string
	DB                     int
	TLS                    string // "", verified, chain or unverified
	Warned                 string // words of the only warning
}

func reading(a Address) read {
	got := read{Addrs: strings.Join(a.options.Addrs, " "), User: a.options.Username, Password: a.options.Password, Master: a.options.MasterName, DB: a.options.DB,
		Warned: strings.Join(a.Warnings, "\n")}
	if config := a.options.TLSConfig; config != nil {
		got.TLS = map[bool]string{false: "verified", true: "unverified"}[config.InsecureSkipVerify]
		if config.VerifyConnection != nil {
			got.TLS = "chain"
		}
	}
	return got
}

// TestURLsOfRedisPyAreRead takes what redis-py and Django take, and the forms
// for Sentinel and clusters.
func TestURLsOfRedisPyAreRead(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]read{
		"redis://redis:6379/1": {Addrs: "redis:6379", DB: 1},
		"redis://":             {Addrs: "localhost:6379"},
		"REDIS://h":            {Addrs: "h:6379"},
		"redis://h/none":       {Addrs: "h:6379", Warned: "no database number"},
		"redis://h:1/2/":       {Addrs: "h:1", DB: 2},
		"redis://default:pass@redis-master:6379/1": {Addrs: "redis-master:6379", User: "default", Password: "pass", DB: 1},
		"redis://:p%40s:s@h/3?db=4":                {Addrs: "h:6379", Password: "p@s:s", DB: 4},
		"redis://u:p@ss@h/1":                       {Addrs: "h:6379", User: "u", Password: "p@ss", DB: 1},
		"redis://u:p%zz@h":                         {Addrs: "h:6379", User: "u", Password: "p%zz"},
		"redis://[::1]:7000/1":                     {Addrs: "[::1]:7000", DB: 1},
		"redis://h?username=u&password=p@x":        {Addrs: "h:6379", User: "u", Password: "p@x"},
		"redis://?host=h&port=7":                   {Addrs: "h:7"},
		"rediss://h":                               {Addrs: "h:6379", TLS: "verified"},
		"rediss://h?ssl_cert_reqs=none":            {Addrs: "h:6379", TLS: "unverified", Warned: "certificate off"},
		"rediss://h?ssl_cert_reqs=CERT_NONE":       {Addrs: "h:6379", TLS: "unverified", Warned: "certificate off"},
		"rediss://h?skip_verify=true":              {Addrs: "h:6379", TLS: "unverified", Warned: "certificate off"},
		"rediss://h?ssl_cert_reqs=required":        {Addrs: "h:6379", TLS: "verified"},
		"rediss://h?ssl_check_hostname=False":      {Addrs: "h:6379", TLS: "chain", Warned: "name in"},
		"rediss://h?ssl_min_version=TLSv1_3":       {Addrs: "h:6379", TLS: "verified"},
		"unix:///run/redis.sock?db=2":              {Addrs: "/run/redis.sock", DB: 2},
		"unix://u:p@/run/redis.sock":               {Addrs: "/run/redis.sock", User: "u", Password: "p"},
		"redis://h?health_check_interval=30":       {Addrs: "h:6379", Warned: "health_check_interval"},
		"redis://h?decode_responses=True":          {Addrs: "h:6379", Warned: "decode_responses"},
		"redis://h?socket_keepalive=1":             {Addrs: "h:6379", Warned: "socket_keepalive"},
		"redis://h?retry_on_timeout=true":          {Addrs: "h:6379", Warned: "retry_on_timeout"},
		"redis://h?virtual_host=%2F":               {Addrs: "h:6379", Warned: "virtual_host"},
		"redis://a,redis://:x@b":                   {Addrs: "a:6379", Warned: "only the first"},
		"redis://a:1/1; redis://b":                 {Addrs: "a:1", DB: 1, Warned: "only the first"},
		"redis://a:1,b:2/1":                        {Addrs: "a:1", DB: 1, Warned: "only the first"},
		"redis+sentinel://a,b:2/meet/1":            {Addrs: "a:26379 b:2", Master: "meet", DB: 1},
		"redis-sentinel://u:p@a/meet":              {Addrs: "a:26379", User: "u", Password: "p", Master: "meet"},
		"rediss+sentinel://a/2?service_name=meet":  {Addrs: "a:26379", Master: "meet", DB: 2, TLS: "verified"},
		"redis+cluster://u:p@a,b:2":                {Addrs: "a:6379 b:2", User: "u", Password: "p"},
		"rediss-cluster://a/0?ssl_cert_reqs=none":  {Addrs: "a:6379", TLS: "unverified", Warned: "certificate off"},
	} {
		address, err := Parse(url)
		got := reading(address)
		if want.Warned != "" && strings.Contains(got.Warned, want.Warned) && !strings.Contains(got.Warned, "\n") {
			got.Warned = want.Warned
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: error %v\n%s", url, err, diff)
		}
	}
	address, err := Parse("rediss://h?socket_timeout=0.5&socket_connect_timeout=2&timeout=none&max_connections=7&protocol=3&client_name=meet&ssl_min_version=771")
	o := address.options
	if err != nil || o.ReadTimeout != time.Second/2 || o.WriteTimeout != time.Second/2 || o.DialTimeout != 2*time.Second || o.PoolSize != 7 || o.Protocol != 3 ||
		o.ClientName != "meet" || o.TLSConfig.MinVersion != tls.VersionTLS12 || len(address.Warnings) > 0 {
		t.Errorf("got %+v, warnings %v, error %v", o, address.Warnings, err)
	}
}

// TestOtherURLsAreRefusedByName and tell nothing of what they hold.
func TestOtherURLsAreRefusedByName(t *testing.T) {
	t.Parallel()
	for url, word := range map[string]string{
		"":                                           "begins with none of",
		"hidden":                                     "begins with none of",
		"http://h":                                   "begins with none of",
		"redis://:hidden/x@h":                        "in the password",
		"redis://:hidden#x@h":                        "in the password",
		"redis://:hidden?x@h":                        "percent-encoded",
		"redis://h:hidden":                           "percent-encoded",
		"redis://h:99999":                            "percent-encoded",
		"redis://h?hidden_=%zz":                      "%25",
		"redis://h?HIDDEN=1":                         "an option that is not known",
		"redis://h?something_else=hidden":            "something_else",
		"redis://h?ssl_cert_reqs=none":               "rediss://",
		"rediss://h?ssl_cert_reqs=hidden":            "ssl_cert_reqs",
		"rediss://h?ssl_ca_certs=/nowhere/hidden":    "ssl_ca_certs",
		"rediss://h?ssl_ca_data=hidden":              "ssl_ca_data",
		"rediss://h?ssl_certfile=/nowhere/hidden":    "ssl_certfile",
		"rediss://h?ssl_keyfile=/nowhere/hidden":     "ssl_keyfile",
		"rediss://h?ssl_password=hidden":             "ssl_password",
		"rediss://h?ssl_validate_ocsp=true":          "ssl_validate_ocsp",
		"rediss://h?ssl_min_version=hidden":          "ssl_min_version",
		"redis://h?max_connections=hidden":           "max_connections",
		"redis://h?socket_timeout=hidden":            "socket_timeout",
		"redis://h?db=hidden":                        "db",
		"redis://h?sentinel_password=hidden":         "sentinel_password",
		"redis+sentinel://h":                         "name that Sentinel knows",
		"redis+cluster://h/1":                        "database number",
		"unix://":                                    "path of a socket",
		"redis+sentinel://:hidden@h:x/meet?x=hidden": "percent-encoded",
	} {
		if _, err := Parse(url); err == nil || !strings.Contains(err.Error(), word) || strings.Contains(strings.ToLower(err.Error()), "hidden") {
			t.Errorf("%s: got %v", url, err)
		}
	}
}
