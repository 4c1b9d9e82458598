package redisstore

import (
	"errors"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Address is where Redis is, as REDIS_URL says it.
type Address struct {
	options  redis.UniversalOptions
	Warnings []string // what of the URL has no effect
}

// kinds are the schemes: one server, a set that Sentinel watches, a cluster;
// each with and without TLS.
var kinds = map[string]struct{ tls, sentinel, cluster, socket bool }{
	"redis": {}, "rediss": {tls: true}, "unix": {socket: true},
	"redis+sentinel": {sentinel: true}, "redis-sentinel": {sentinel: true}, "rediss+sentinel": {sentinel: true, tls: true}, "rediss-sentinel": {sentinel: true, tls: true},
	"redis+cluster": {cluster: true}, "redis-cluster": {cluster: true}, "rediss+cluster": {cluster: true, tls: true}, "rediss-cluster": {cluster: true, tls: true},
}

// Failures of Parse tell nothing of the URL: it holds the password.
var (
	errScheme     = errors.New("is not a Redis URL, it begins with none of redis:// rediss:// unix:// redis+sentinel:// rediss+sentinel:// redis+cluster:// rediss+cluster://")
	errDelimiters = errors.New("is not a Redis URL: /, # and ? in the password have to be written as %2F, %23 and %3F")
	errHost       = errors.New("is not a Redis URL: the host or port cannot be read; special characters in the password have to be percent-encoded")
	errMaster     = errors.New("needs the name that Sentinel knows the set by: redis+sentinel://host:26379,host:26379/name")
	errDatabase   = errors.New("names a database number, but a cluster has none")
	errSocket     = errors.New("needs the path of a socket: unix:///path?db=1")
)

var another = regexp.MustCompile(`[,;]\s*[a-z+-]+://`)

// Parse reads what redis-py reads from a URL, and names Sentinel and clusters.
func Parse(text string) (Address, error) {
	var a Address
	if at := another.FindStringIndex(text); at != nil {
		text = text[:at[0]]
		a.Warnings = append(a.Warnings, "names several servers, of which only the first is used; redis+sentinel:// and redis+cluster:// are for several")
	}
	scheme, rest, found := strings.Cut(strings.TrimSpace(text), "://")
	kind, known := kinds[strings.ToLower(scheme)]
	if !found || !known {
		return a, errScheme
	}
	rest, fragment, _ := strings.Cut(rest, "#")
	place, query, _ := strings.Cut(rest, "?")
	hosts, path, _ := strings.Cut(place, "/")
	if strings.Contains(fragment+path, "@") {
		return a, errDelimiters
	}
	if at := strings.LastIndex(hosts, "@"); at >= 0 {
		user, password, _ := strings.Cut(hosts[:at], ":")
		a.options.Username, a.options.Password = decoded(user), decoded(password)
		hosts = hosts[at+1:]
	}
	a.options.IsClusterMode = kind.cluster
	if kind.tls {
		a.options.TLSConfig = newTLS()
	}
	if kind.socket {
		if path = decoded(path); path == "" {
			return a, errSocket
		}
		a.options.Addrs, hosts, path = []string{"/" + path}, "", ""
	} else if err := a.hosts(hosts, kind.sentinel); err != nil {
		return a, err
	}
	path = a.master(decoded(path), kind.sentinel)
	if err := a.query(query, kind.tls, kind.sentinel); err != nil {
		return a, err
	}
	a.database(path, query)
	switch {
	case kind.sentinel && a.options.MasterName == "":
		return a, errMaster
	case kind.cluster && a.options.DB != 0:
		return a, errDatabase
	case !kind.sentinel && !kind.cluster && len(a.options.Addrs) > 1:
		a.options.Addrs = a.options.Addrs[:1]
		a.Warnings = append(a.Warnings, "names several servers, of which only the first is used; redis+sentinel:// and redis+cluster:// are for several")
	}
	return a, nil
}

func decoded(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

// hosts reads host:port,host:port; what is missing is localhost and the usual
// port.
func (a *Address) hosts(text string, sentinel bool) error {
	usual := "6379"
	if sentinel {
		usual = "26379"
	}
	for _, item := range strings.Split(text, ",") {
		parsed, err := url.Parse("redis://" + item)
		if err != nil || parsed.User != nil || parsed.Path != "" {
			return errHost
		}
		host, port := parsed.Hostname(), parsed.Port()
		if host == "" {
			host = "localhost"
		}
		if port == "" {
			port = usual
		}
		if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 {
			return errHost
		}
		a.options.Addrs = append(a.options.Addrs, net.JoinHostPort(host, port))
	}
	return nil
}

// master takes the name of a set off the path of Sentinel's URL.
func (a *Address) master(path string, sentinel bool) (rest string) {
	if !sentinel {
		return path
	}
	name, rest, _ := strings.Cut(path, "/")
	if _, err := strconv.Atoi(name); err == nil && rest == "" { // a number alone is the database's
		return name
	}
	a.options.MasterName = name
	return rest
}

// database reads the number in the path, unless an option gives it.
func (a *Address) database(path, query string) {
	path = strings.ReplaceAll(path, "/", "")
	values, _ := url.ParseQuery(query)
	if path == "" || values.Has("db") {
		return
	}
	number, err := strconv.Atoi(path)
	if err != nil || number < 0 {
		a.Warnings = append(a.Warnings, "has a path that is no database number, database 0 is used")
		return
	}
	a.options.DB = number
}
