package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/lib/pq"

	"meet/domain"
)

// Examine looks at the database and what is in it. It changes nothing.
// migrates says whether the server brings the schema up to date itself.
func Examine(ctx context.Context, config Config, migrates bool) []domain.Finding {
	if config.SQLitePath != "" && config.SQLitePath != memory {
		if finding, exists := onDisk(config.SQLitePath); !exists {
			return []domain.Finding{finding}
		}
	}
	config.Untouched = true
	db, err := Open(config)
	if err != nil {
		return []domain.Finding{unopened(err)}
	}
	defer func() { _ = db.Close() }()
	if err := db.Ping(ctx); err != nil {
		return []domain.Finding{unopened(err)}
	}
	x := &examination{db: db, config: config, migrates: migrates}
	findings := []domain.Finding{{Check: "database.connection", Status: domain.Healthy, Seen: "the database answers"}}
	if db.driver == sqlite3.driver {
		return append(findings, x.files(), x.schema(ctx))
	}
	findings = append(findings, x.server(ctx)...)
	findings = append(findings, x.pooler(ctx), x.writable(ctx), x.lock(ctx))
	schema := x.schema(ctx)
	findings = append(findings, x.rights(ctx, schema.Status), x.trigrams(ctx), schema)
	return append(findings, x.people(ctx)...)
}

type examination struct {
	db       *DB
	config   Config
	migrates bool
	pending  bool // set by schema
}

// onDisk looks whether there is a file, which opening would make.
func onDisk(path string) (finding domain.Finding, exists bool) {
	finding = domain.Finding{Check: "database.connection"}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		finding.Status, finding.Seen, finding.Mend = domain.Broken, path+" is a folder", "let DATABASE_URL name a file"
	case err == nil:
		return finding, true
	default:
		folder := filepath.Dir(path)
		if info, err := os.Stat(folder); err == nil && !info.IsDir() {
			finding.Status, finding.Seen, finding.Mend = domain.Broken, folder+" is no folder", "let DATABASE_URL (or DJANGO_DATA_DIR) name a folder"
			return finding, false
		}
		finding.Status, finding.Seen = domain.Healthy, path+" will be made at the first start"
	}
	return finding, false
}

// unopened says why nobody lets us in. The codes are PostgreSQL's.
func unopened(err error) domain.Finding {
	finding := domain.Finding{Check: "database.connection", Status: domain.Broken}
	variables := "DATABASE_URL (or DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD)"
	refused, answered := errors.AsType[*pq.Error](err)
	network, away := errors.AsType[net.Error](err)
	switch {
	case answered && (refused.Code == "28P01" || refused.Code == "28000"):
		finding.Seen, finding.Mend = "the database server refuses our credentials: "+refused.Message, "check user and password in "+variables
	case answered && refused.Code == "3D000":
		finding.Seen, finding.Mend = "there is no such database: "+refused.Message, "create it, or correct the name in "+variables
	case answered && refused.Code == "53300":
		finding.Seen, finding.Mend = "the database server has no connection left", "raise max_connections in PostgreSQL, or lower DB_MAX_CONNECTIONS"
	case answered && refused.Code == "42501":
		finding.Seen, finding.Mend = "we may not connect: "+refused.Message, "GRANT CONNECT on the database to our user"
	case answered && strings.Contains(refused.Message, "startup parameter"):
		finding.Seen, finding.Mend = "the pooler refuses an option of the address: "+refused.Message,
			"leave the option out of DATABASE_URL (ALTER ROLE … SET does the same in the database), or name it in PgBouncer's ignore_startup_parameters"
	case unwritable(err):
		finding.Seen, finding.Mend = "none of the hosts can be written to", "name the primary too in DATABASE_URL (or DB_HOST)"
	case answered:
		finding.Seen, finding.Mend = "the database server refuses: "+refused.Message, "look into the database server's log"
	case errors.Is(err, pq.ErrSSLNotSupported):
		finding.Seen, finding.Mend = "the database server speaks no TLS", "set sslmode=disable or sslmode=prefer in DATABASE_URL"
	case away:
		finding.Seen, finding.Mend = "the database does not answer: "+network.Error(), "check host and port in "+variables
	default:
		finding.Seen, finding.Mend = "the database cannot be opened: "+withoutSecrets(err).Error(), "check "+variables
	}
	return finding
}

const minVersion = 140000 // PostgreSQL 14

// server looks at what is the same for every database of the server.
func (x *examination) server(ctx context.Context) []domain.Finding {
	var s struct {
		Number   int
		Encoding string
		Allowed  int
	}
	err := x.db.get(ctx, nil, &s, `SELECT current_setting('server_version_num')::int AS number, current_setting('server_encoding') AS encoding,
		LEAST(current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
			(SELECT CASE WHEN datconnlimit < 0 THEN 2147483647 ELSE datconnlimit END FROM pg_database WHERE datname = current_database()),
			(SELECT CASE WHEN rolconnlimit < 0 THEN 2147483647 ELSE rolconnlimit END FROM pg_roles WHERE rolname = current_user)) AS allowed`)
	if err != nil {
		return []domain.Finding{failed("database.version", err)}
	}
	encoding := domain.Finding{Check: "database.encoding", Status: domain.Healthy, Seen: s.Encoding}
	if s.Encoding != "UTF8" {
		encoding.Status = domain.Broken
		encoding.Mend = "create the database anew with ENCODING 'UTF8' (in DATABASE_URL or DB_NAME): names in most languages cannot be kept"
	}
	return []domain.Finding{releaseOf(s.Number), encoding, room(x.config.MaxOpen, s.Allowed)}
}

func releaseOf(number int) domain.Finding {
	finding := domain.Finding{Check: "database.version", Status: domain.Healthy, Seen: fmt.Sprintf("PostgreSQL %d.%d", number/10000, number%10000)}
	if number < minVersion {
		finding.Status, finding.Mend = domain.Broken, "use PostgreSQL 14 or newer"
	}
	return finding
}

// room compares the pool's size with what the database allows.
func room(wanted, allowed int) domain.Finding {
	if wanted == 0 {
		wanted = defaultOpen
	}
	finding := domain.Finding{Check: "database.connections", Status: domain.Healthy, Seen: fmt.Sprintf("up to %d connections of %d that are allowed", wanted, allowed)}
	if wanted > allowed {
		finding.Status = domain.Doubtful
		finding.Mend = "lower DB_MAX_CONNECTIONS, or raise max_connections (or the limit of the database or user) in PostgreSQL; each process has a pool"
	}
	return finding
}

func failed(check string, err error) domain.Finding {
	return domain.Finding{Check: check, Status: domain.Unexamined, Seen: "not known: " + strings.TrimSpace(withoutSecrets(err).Error())}
}
