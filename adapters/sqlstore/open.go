package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/XSAM/otelsql"
	"github.com/lib/pq"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
	"go.opentelemetry.io/otel/trace"
	"modernc.org/sqlite"

	"meet/domain"
)

// Config says which database to use. Exactly one of the two is set.
type Config struct {
	PostgresURL string        // postgres://user:password@host:port/name?options
	SQLitePath  string        // a file, or ":memory:"
	MaxOpen     int           // connections; 0 is 20
	Traced      bool          // statements on PostgreSQL are spans of their request's trace
	Patience    time.Duration // for an answer of PostgreSQL; 0 waits for ever
	LockWait    time.Duration // for somebody else who migrates; 0 is a minute
}

// defaultOpen is enough for what a server can do, and little enough for some
// servers on a PostgreSQL as it is installed.
const defaultOpen = 20

// memory is the path of a database that is no file.
const memory = ":memory:"

// What only this user may read: people's names and sessions.
const (
	privateFile   = 0o600
	privateFolder = 0o700
)

// Open makes the pool; it does not connect to PostgreSQL yet.
func Open(cfg Config) (*DB, error) {
	if cfg.SQLitePath != "" {
		return openSQLite(cfg.SQLitePath)
	}
	connector, err := newConnector(cfg.PostgresURL)
	if err != nil {
		return nil, err
	}
	if cfg.Patience > 0 {
		connector.Dialer(newDialer(cfg.Patience))
	}
	pool := openPool(connector, cfg.Traced)
	open := cfg.MaxOpen
	if open == 0 {
		open = defaultOpen
	}
	pool.SetMaxOpenConns(open)
	pool.SetMaxIdleConns(open)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return newDB(pool, postgres), nil
}

// newConnector makes connections to PostgreSQL on which statements travel with
// their arguments, unnamed.
func newConnector(address string) (*pq.Connector, error) {
	config, err := pq.NewConfig(address)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", withoutSecrets(err))
	}
	config.BinaryParameters = true
	return pq.NewConnectorConfig(config)
}

// openPool opens the connector; spans name statements, never their arguments.
func openPool(connector driver.Connector, traced bool) *sql.DB {
	if !traced {
		return sql.OpenDB(connector)
	}
	return otelsql.OpenDB(connector, otelsql.WithAttributes(semconv.DBSystemNamePostgreSQL),
		otelsql.WithSpanOptions(otelsql.SpanOptions{OmitConnResetSession: true, OmitConnectorConnect: true, OmitRows: true, DisableErrSkip: true,
			SpanFilter: func(ctx context.Context, _ otelsql.Method, _ string, _ []driver.NamedValue) bool {
				return trace.SpanContextFromContext(ctx).IsValid() // what is done for a request
			}}))
}

// withoutSecrets drops the address, which holds the password, from the error.
func withoutSecrets(err error) error {
	if malformed, ok := errors.AsType[*url.Error](err); ok {
		return malformed.Err
	}
	return err
}

var registerFunctions = sync.OnceValue(func() error {
	return sqlite.RegisterDeterministicScalarFunction("word_similarity", 2,
		func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			query, _ := args[0].(string)
			text, _ := args[1].(string)
			return domain.WordSimilarity(query, text), nil
		})
})

func openSQLite(path string) (*DB, error) {
	if err := registerFunctions(); err != nil {
		return nil, fmt.Errorf("sqlite functions: %w", err)
	}
	options := url.Values{
		"_pragma":      {"busy_timeout(10000)", "foreign_keys(1)", "journal_mode(WAL)", "synchronous(NORMAL)"},
		"_txlock":      {"immediate"},
		"_time_format": {"sqlite"},
	}
	if path != memory {
		if err := os.MkdirAll(filepath.Dir(path), privateFolder); err != nil {
			return nil, fmt.Errorf("folder of the database: %w", err)
		}
	}
	pool, err := sql.Open("sqlite", "file:"+strings.NewReplacer("?", "%3f", "#", "%23").Replace(path)+"?"+options.Encode())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	pool.SetMaxOpenConns(8)
	if path == memory { // each connection would get a database of its own
		pool.SetMaxOpenConns(1)
		pool.SetConnMaxLifetime(0)
	}
	return newDB(pool, sqlite3), nil
}
