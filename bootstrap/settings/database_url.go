package settings

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

var errNoURL = errors.New("this string is not a valid url, expected postgres://user:password@host:port/name")

// errUnencoded is what most of those meant who wrote an address that cannot
// be read.
var errUnencoded = errors.New("it cannot be told where the password ends: write /, ?, #, @ and % in it as %2F, %3F, %23, %40 and %25")

// address is how PostgreSQL is reached.
type address struct {
	user, password, name string
	hosts, ports         []string // as many ports as hosts; "" is the usual one
	options              url.Values
}

// url is the address as the driver reads it.
func (a address) url() string {
	target := url.URL{Scheme: "postgres", Path: "/" + a.name}
	query := a.options
	if query == nil {
		query = url.Values{}
	}
	switch {
	case a.password != "":
		target.User = url.UserPassword(a.user, a.password)
	case a.user != "":
		target.User = url.User(a.user)
	}
	switch {
	case len(a.hosts) == 1 && strings.HasPrefix(a.hosts[0], "/"), len(a.hosts) > 1:
		query.Set("host", strings.Join(a.hosts, ","))
		if strings.Join(a.ports, "") != "" {
			query.Set("port", strings.Join(a.allPorts(), ","))
		}
	case len(a.hosts) == 1 && a.ports[0] == "":
		target.Host = strings.TrimSuffix(net.JoinHostPort(a.hosts[0], ""), ":")
	case len(a.hosts) == 1:
		target.Host = net.JoinHostPort(a.hosts[0], a.ports[0])
	}
	target.RawQuery = query.Encode()
	return target.String()
}

// allPorts are the ports, the usual one where the address is silent: the
// driver refuses an empty first one.
func (a address) allPorts() []string {
	list := make([]string, 0, len(a.ports))
	for _, port := range a.ports {
		list = append(list, cmp.Or(port, "5432"))
	}
	return list
}

// parsePostgres reads what follows postgres://, as the reference's parser
// does: the last @ ends the password, what is no percent-encoding stays.
func parsePostgres(text string) (Database, error) {
	if strings.Contains(text, "#") {
		return Database{}, errUnencoded
	}
	end := len(text)
	if at := strings.IndexAny(text, "/?"); at >= 0 {
		end = at
	}
	authority, rest := text[:end], text[end:]
	path, query, _ := strings.Cut(rest, "?")
	key, _, _ := strings.Cut(query, "=")
	if strings.Contains(path, "@") || strings.Contains(key, "@") {
		return Database{}, errUnencoded
	}
	a := address{name: unescape(strings.TrimPrefix(path, "/"))}
	hosts := authority
	if at := strings.LastIndex(authority, "@"); at >= 0 {
		user, password, _ := strings.Cut(authority[:at], ":")
		a.user, a.password, hosts = unescape(user), unescape(password), authority[at+1:]
	}
	if err := a.readHosts(hosts); err != nil {
		return Database{}, err
	}
	ignored, err := a.readOptions(query)
	if err != nil {
		return Database{}, err
	}
	return Database{PostgresURL: a.url(), Ignored: ignored}, nil
}

// readHosts reads host:port, or several of them with commas between.
func (a *address) readHosts(text string) error {
	if text == "" {
		return nil
	}
	for item := range strings.SplitSeq(text, ",") {
		var host, port string
		var found bool
		switch closing := strings.LastIndex(item, "]"); {
		case strings.HasPrefix(item, "[") && closing > 0:
			host, port, found = item[1:closing], strings.TrimPrefix(item[closing+1:], ":"), len(item) > closing+1
			if net.ParseIP(host) == nil || found && item[closing+1] != ':' {
				return errNoURL
			}
		case strings.Count(item, ":") > 1:
			return fmt.Errorf("%w; IPv6 addresses stand in [ and ]", errNoURL)
		default:
			host, port, found = strings.Cut(item, ":")
		}
		if found && port != "" && !validPort(port) {
			return fmt.Errorf("%w; what stands for the port is none (%w)", errNoURL, errUnencoded)
		}
		if host = unescape(host); !strings.HasPrefix(host, "/") {
			host = strings.ToLower(host)
		}
		a.hosts, a.ports = append(a.hosts, host), append(a.ports, port)
	}
	return nil
}

func validPort(text string) bool {
	number, err := strconv.ParseUint(text, 10, 16)
	return err == nil && number > 0
}

// unescape decodes percent-encodings; a % that begins none stays.
func unescape(text string) string {
	var plain strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if code, err := strconv.ParseUint(text[i+1:i+3], 16, 8); err == nil {
				plain.WriteByte(byte(code))
				i += 2
				continue
			}
		}
		plain.WriteByte(text[i])
	}
	return plain.String()
}
