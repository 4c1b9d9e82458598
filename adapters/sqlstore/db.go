package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/jmoiron/sqlx/reflectx"
)

// DB is a pool of connections. A statement travels with its arguments, in one
// round trip, and leaves nothing at the server: the next statement may meet
// another connection there, as with PgBouncer's pool_mode=transaction.
type DB struct {
	dialect
	queries
	pool *sqlx.DB
}

// dialect is all in which the two databases differ.
type dialect struct {
	driver     string
	forUpdate  string // suffix that locks the rows of a SELECT
	jsonArray  string // aggregate function
	jsonObject string // function of names and values
	texts      string // query for the texts of the JSON list that is its argument
}

var (
	postgres = dialect{"postgres", " FOR UPDATE", "json_agg", "json_build_object",
		"SELECT json_array_elements_text(CAST(? AS json))"}
	sqlite3 = dialect{"sqlite", "", "json_group_array", "json_object", "SELECT value FROM json_each(?)"}
)

func newDB(pool *sql.DB, speaks dialect) *DB {
	db := sqlx.NewDb(pool, speaks.driver)
	db.Mapper = reflectx.NewMapperFunc("db", snake)
	return &DB{dialect: speaks, queries: queriesOf(speaks), pool: db}
}

// Close ends all connections.
func (d *DB) Close() error { return d.pool.Close() }

// Ping checks that the database answers, in one round trip.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.get(ctx, sql.ErrNoRows, &one, `SELECT 1`)
}

// SQL is the pool beneath, for migrations.
func (d *DB) SQL() *sql.DB { return d.pool.DB }

type txKey struct{}

// within is the transaction that the context carries, else the pool.
func (d *DB) within(ctx context.Context) (on sqlx.ExtContext, inside bool) {
	if tx, inside := ctx.Value(txKey{}).(*sqlx.Tx); inside {
		return tx, true
	}
	return d.pool, false
}

// Atomically implements ports.Atomically.
func (d *DB) Atomically(ctx context.Context, fn func(ctx context.Context) error) error {
	if _, joined := d.within(ctx); joined {
		return fn(ctx)
	}
	tx, err := d.pool.BeginTxx(ctx, nil)
	if err != nil {
		return reachable(fmt.Errorf("begin: %w", err))
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	if err := fn(context.WithValue(ctx, txKey{}, tx)); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return reachable(fmt.Errorf("commit: %w", err))
	}
	return nil
}

// get reads one row into dest; without one it fails with missing.
func (d *DB) get(ctx context.Context, missing error, dest any, query string, args ...any) error {
	on, _ := d.within(ctx)
	return translate(sqlx.GetContext(ctx, on, dest, d.pool.Rebind(query), args...), missing)
}

// list reads all rows into the slice dest points to.
func (d *DB) list(ctx context.Context, dest any, query string, args ...any) error {
	on, _ := d.within(ctx)
	return translate(sqlx.SelectContext(ctx, on, dest, d.pool.Rebind(query), args...), nil)
}

// exec runs a statement with the named fields of arg and tells how many rows
// it touched. Unique constraints that a conflict names fail with its error.
func (d *DB) exec(ctx context.Context, query string, arg any, conflicts ...conflict) (int64, error) {
	on, _ := d.within(ctx)
	result, err := sqlx.NamedExecContext(ctx, on, query, arg)
	if err != nil {
		return 0, translate(err, nil, conflicts...)
	}
	return result.RowsAffected()
}
