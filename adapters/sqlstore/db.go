package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/jmoiron/sqlx/reflectx"
)

// DB is a pool of connections whose statements are prepared once each.
type DB struct {
	dialect
	pool  *sqlx.DB
	plain sync.Map
	named sync.Map
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
	return &DB{dialect: speaks, pool: db}
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

// transaction is what travels in the context of Atomically.
type transaction struct {
	*sqlx.Tx
	plain, named []string // statements that were not prepared on the pool yet
}

func within(ctx context.Context) (*transaction, bool) {
	tx, inside := ctx.Value(txKey{}).(*transaction)
	return tx, inside
}

// Atomically implements ports.Atomically.
func (d *DB) Atomically(ctx context.Context, fn func(ctx context.Context) error) error {
	if _, joined := within(ctx); joined {
		return fn(ctx)
	}
	begun, err := d.pool.BeginTxx(ctx, nil)
	if err != nil {
		return reachable(fmt.Errorf("begin: %w", err))
	}
	tx := &transaction{Tx: begun}
	defer d.learn(ctx, tx)               // holds no connection any more
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	if err := fn(context.WithValue(ctx, txKey{}, tx)); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return reachable(fmt.Errorf("commit: %w", err))
	}
	return nil
}

// learn prepares for later what a transaction had to prepare for itself.
// Inside it that could deadlock: it takes a second connection.
func (d *DB) learn(ctx context.Context, tx *transaction) {
	for _, query := range tx.plain {
		_, _ = d.prepared(ctx, query)
	}
	for _, query := range tx.named {
		_, _ = d.preparedNamed(ctx, query)
	}
}

// get reads one row into dest; without one it fails with missing.
func (d *DB) get(ctx context.Context, missing error, dest any, query string, args ...any) error {
	stmt, err := d.prepared(ctx, query)
	if err != nil {
		return err
	}
	return translate(stmt.GetContext(ctx, dest, args...), missing)
}

// list reads all rows into the slice dest points to.
func (d *DB) list(ctx context.Context, dest any, query string, args ...any) error {
	stmt, err := d.prepared(ctx, query)
	if err != nil {
		return err
	}
	return translate(stmt.SelectContext(ctx, dest, args...), nil)
}

// exec runs a statement with the named fields of arg and tells how many rows
// it touched. Unique constraints that a conflict names fail with its error.
func (d *DB) exec(ctx context.Context, query string, arg any, conflicts ...conflict) (int64, error) {
	stmt, err := d.preparedNamed(ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(ctx, arg)
	if err != nil {
		return 0, translate(err, nil, conflicts...)
	}
	return result.RowsAffected()
}

// prepareTimeout bounds what outlives the request that asked for it: others
// use the statement too.
const prepareTimeout = 10 * time.Second

func (d *DB) prepared(ctx context.Context, query string) (*sqlx.Stmt, error) {
	tx, inside := within(ctx)
	cached, known := d.plain.Load(query)
	switch {
	case known && inside:
		return tx.StmtxContext(ctx, cached.(*sqlx.Stmt)), nil
	case known:
		return cached.(*sqlx.Stmt), nil
	case inside:
		tx.plain = append(tx.plain, query)
		stmt, err := tx.PreparexContext(ctx, d.pool.Rebind(query))
		return stmt, reachable(err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), prepareTimeout)
	defer cancel()
	stmt, err := d.pool.PreparexContext(ctx, d.pool.Rebind(query))
	if err != nil {
		return nil, reachable(err)
	}
	return remember(&d.plain, query, stmt), nil
}

func (d *DB) preparedNamed(ctx context.Context, query string) (*sqlx.NamedStmt, error) {
	tx, inside := within(ctx)
	cached, known := d.named.Load(query)
	switch {
	case known && inside:
		return tx.NamedStmtContext(ctx, cached.(*sqlx.NamedStmt)), nil
	case known:
		return cached.(*sqlx.NamedStmt), nil
	case inside:
		tx.named = append(tx.named, query)
		stmt, err := tx.PrepareNamedContext(ctx, query)
		return stmt, reachable(err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), prepareTimeout)
	defer cancel()
	stmt, err := d.pool.PrepareNamedContext(ctx, query)
	if err != nil {
		return nil, reachable(err)
	}
	return remember(&d.named, query, stmt), nil
}

// remember keeps the statement; of two that raced the first stays.
func remember[S interface{ Close() error }](cache *sync.Map, query string, stmt S) S {
	kept, raced := cache.LoadOrStore(query, stmt)
	if raced {
		_ = stmt.Close()
	}
	return kept.(S)
}
