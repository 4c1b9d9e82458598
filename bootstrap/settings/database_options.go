package settings

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// What becomes of an option of DATABASE_URL.
var (
	// driven are options of libpq's that the driver knows, and settings of a
	// session that PostgreSQL gets at the start of each connection.
	driven = []string{
		"application_name", "fallback_application_name", "client_encoding", "connect_timeout", "dbname", "host", "hostaddr", "load_balance_hosts",
		"max_protocol_version", "min_protocol_version", "options", "passfile", "password", "port", "service", "sslcert", "sslkey", "sslmode",
		"sslnegotiation", "sslrootcert", "sslsni", "ssl_max_protocol_version", "ssl_min_protocol_version", "target_session_attrs", "user",
		"search_path", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "timezone", "tz", "geqo", "datestyle",
	}
	// renamed are other programs' names for what the driver knows.
	renamed = map[string]string{"currentschema": "search_path", "schema": "search_path", "applicationname": "application_name", "connecttimeout": "connect_timeout"}
	// pointless do no harm: they tune what this server does otherwise.
	pointless = map[string]string{
		"keepalives": "connections are kept alive anyway", "keepalives_idle": "", "keepalives_interval": "", "keepalives_count": "",
		"tcp_user_timeout": "every answer has a time limit anyway", "gsslib": "", "gssdelegation": "", "krbsrvname": "", "sslcompression": "",
		"pgbouncer": "every pooler is fine", "connection_limit": "see DB_MAX_CONNECTIONS", "pool_timeout": "", "statement_cache_size": "", "prepared_statements": "",
		"prepare_threshold": "", "conn_max_age": "connections are kept and checked anyway", "conn_health_checks": "", "atomic_requests": "", "autocommit": "",
		"disable_server_side_cursors": "", "server_side_binding": "", "engine": "", "time_zone": "", "pool": "see DB_MAX_CONNECTIONS", "test_name": "",
		"sslcertmode": "", "binary_parameters": "", "disable_prepared_binary_result": "",
	}
)

// readOptions reads what follows the question mark. It returns what to say of
// options without effect.
func (a *address) readOptions(query string) (ignored []string, err error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, errUnencoded
	}
	a.options = url.Values{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value, key := values[name][len(values[name])-1], strings.ToLower(name)
		note, err := a.option(key, value)
		if err != nil {
			return nil, err
		}
		if note != "" {
			ignored = append(ignored, note)
		}
	}
	return ignored, nil
}

// option takes one; note says why it has no effect.
func (a *address) option(name, value string) (note string, err error) {
	if driver, is := renamed[name]; is {
		name = driver
	}
	reason, harmless := pointless[name]
	switch {
	case a.says(name):
	case slices.Contains(driven, name):
		a.options.Set(name, value)
	case name == "ssl" || name == "ssl_require" || name == "requiressl":
		if truth(value) && !a.options.Has("sslmode") {
			a.options.Set("sslmode", "require")
		}
	case name == "channel_binding" && value == "require":
		return name + "=require, which cannot be kept: the driver does not bind to channels; use sslmode=verify-full to be sure of the server", nil
	case name == "channel_binding", name == "gssencmode" && value != "require":
		return "", nil
	case harmless:
		return strings.TrimSuffix(name+", which is passed over: "+reason, ": "), nil
	case name == "":
		return "", errUnencoded
	default:
		return "", fmt.Errorf("the option %s is not supported%s", shortened(name), hint(name))
	}
	return "", nil
}

// says reports whether the address in front of the options says it already:
// that wins, as in the reference.
func (a *address) says(name string) bool {
	switch name {
	case "host":
		return len(a.hosts) > 0
	case "port":
		return strings.Join(a.ports, "") != ""
	case "user":
		return a.user != ""
	case "password":
		return a.password != ""
	case "dbname":
		return a.name != ""
	}
	return false
}

// parameters are settings of PostgreSQL that people put into addresses.
var parameters = []string{
	"work_mem", "maintenance_work_mem", "temp_buffers", "jit", "role", "row_security", "synchronous_commit", "default_transaction_isolation",
	"default_transaction_read_only", "default_transaction_deferrable", "idle_session_timeout", "transaction_timeout", "client_min_messages",
	"log_statement", "extra_float_digits", "intervalstyle", "bytea_output", "plan_cache_mode", "random_page_cost", "deadlock_timeout",
	"max_parallel_workers_per_gather", "session_replication_role", "standard_conforming_strings",
}

func hint(name string) string {
	if slices.Contains(parameters, name) || strings.Contains(name, ".") {
		return "; settings of PostgreSQL go into options=-c name=value"
	}
	return ""
}

// shortened keeps what may be no name out of messages.
func shortened(name string) string {
	for _, letter := range name {
		if letter != '_' && letter != '-' && letter != '.' && (letter < '0' || letter > '9') && (letter < 'a' || letter > 'z') {
			return "(unreadable)"
		}
	}
	return name[:min(len(name), maxName)]
}

func truth(value string) bool {
	switch strings.ToLower(value) {
	case "", "true", "1", "yes", "on", "require", "t", "y":
		return true
	}
	return false
}
