package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"time"

	"github.com/XSAM/otelsql"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
	"go.opentelemetry.io/otel/trace"
)

// Config says which database to use. Exactly one of the two is set.
type Config struct {
	PostgresURL string        // postgres://user:password@host:port/name?options
	SQLitePath  string        // a file, or ":memory:"
	MaxOpen     int           // connections; 0 is 20
	Traced      bool          // statements on PostgreSQL are spans of their request's trace
	Patience    time.Duration // for an answer of PostgreSQL that has let us in; 0 waits for ever
	Untouched   bool          // permissions of SQLite's files stay as they are
	LockWait    time.Duration // for somebody else who migrates; 0 is a minute
}

// defaultOpen is enough for what a server can do, and little enough for some
// servers on a PostgreSQL as it is installed.
const defaultOpen = 20

// Open makes the pool; it does not connect to PostgreSQL yet.
func Open(cfg Config) (*DB, error) {
	if cfg.SQLitePath != "" {
		return openSQLite(cfg)
	}
	connector, err := newConnector(cfg.PostgresURL, cfg.Patience)
	if err != nil {
		return nil, err
	}
	pool := openPool(connector, cfg.Traced)
	open := cfg.MaxOpen
	if open == 0 {
		open = defaultOpen
	}
	pool.SetMaxOpenConns(open)
	pool.SetMaxIdleConns(open)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	pool.SetConnMaxLifetime(time.Hour) // names that lead to another server now are asked again
	return newDB(pool, postgres), nil
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
