package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"github.com/jmoiron/sqlx"
	"github.com/jmoiron/sqlx/reflectx"
)

// DB is a pool of connections whose statements are prepared once each.
type DB struct {
	pool      *sqlx.DB
	forUpdate string // suffix that locks the rows of a SELECT
	plain     sync.Map
	named     sync.Map
}

func newDB(pool *sql.DB, driver, forUpdate string) *DB {
	db := sqlx.NewDb(pool, driver)
	db.Mapper = reflectx.NewMapperFunc("db", snake)
	return &DB{pool: db, forUpdate: forUpdate}
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

// Atomically implements ports.Atomically.
func (d *DB) Atomically(ctx context.Context, fn func(ctx context.Context) error) error {
	if _, joined := ctx.Value(txKey{}).(*sqlx.Tx); joined {
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

func (d *DB) prepared(ctx context.Context, query string) (*sqlx.Stmt, error) {
	cached, known := d.plain.Load(query)
	if !known {
		stmt, err := d.pool.PreparexContext(context.WithoutCancel(ctx), d.pool.Rebind(query))
		if err != nil {
			return nil, reachable(fmt.Errorf("prepare: %w", err))
		}
		var raced bool
		if cached, raced = d.plain.LoadOrStore(query, stmt); raced {
			_ = stmt.Close()
		}
	}
	stmt := cached.(*sqlx.Stmt)
	if tx, inside := ctx.Value(txKey{}).(*sqlx.Tx); inside {
		stmt = tx.StmtxContext(ctx, stmt)
	}
	return stmt, nil
}

func (d *DB) preparedNamed(ctx context.Context, query string) (*sqlx.NamedStmt, error) {
	cached, known := d.named.Load(query)
	if !known {
		stmt, err := d.pool.PrepareNamedContext(context.WithoutCancel(ctx), query)
		if err != nil {
			return nil, reachable(fmt.Errorf("prepare: %w", err))
		}
		var raced bool
		if cached, raced = d.named.LoadOrStore(query, stmt); raced {
			_ = stmt.Close()
		}
	}
	stmt := cached.(*sqlx.NamedStmt)
	if tx, inside := ctx.Value(txKey{}).(*sqlx.Tx); inside {
		stmt = tx.NamedStmtContext(ctx, stmt)
	}
	return stmt, nil
}
