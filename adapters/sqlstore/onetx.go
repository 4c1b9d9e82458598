package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// speaker is what the connections of both drivers can do.
type speaker interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
}

// inOneTransaction runs work on a pool that has but one connection, in which
// a transaction is open: transactions of work become savepoints in it. All of
// it is kept when keep says so, else nothing.
func inOneTransaction(ctx context.Context, pool *sql.DB, work func(*sql.DB) error, keep bool) error {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	return conn.Raw(func(raw any) error {
		inner, able := raw.(speaker)
		if !able {
			return fmt.Errorf("the driver's %T cannot be used for migrations", raw)
		}
		tx, err := inner.BeginTx(ctx, driver.TxOptions{})
		if err != nil {
			return fmt.Errorf("begin: %w", err)
		}
		inside := sql.OpenDB(borrowed{inner})
		inside.SetMaxOpenConns(1)
		err = work(inside)
		if err = errors.Join(err, inside.Close()); err != nil || !keep {
			return errors.Join(err, tx.Rollback())
		}
		if err := tx.Commit(); err != nil {
			return fmt.Errorf("commit: %w", err)
		}
		return nil
	})
}

// borrowed gives out the same connection each time; closing it does nothing.
type borrowed struct{ speaker }

// Connect implements driver.Connector.
func (b borrowed) Connect(context.Context) (driver.Conn, error) { return b, nil }

// Driver implements driver.Connector.
func (b borrowed) Driver() driver.Driver { return nil }

// Close implements driver.Conn.
func (b borrowed) Close() error { return nil }

// CheckNamedValue implements driver.NamedValueChecker as the driver does.
func (b borrowed) CheckNamedValue(value *driver.NamedValue) error {
	if checker, able := b.speaker.(driver.NamedValueChecker); able {
		return checker.CheckNamedValue(value)
	}
	return driver.ErrSkip
}

const savepoint = "meet_migration"

// BeginTx implements driver.ConnBeginTx.
func (b borrowed) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	if _, err := b.ExecContext(ctx, "SAVEPOINT "+savepoint, nil); err != nil {
		return nil, err
	}
	return nested{b}, nil
}

// nested is a savepoint. There is one at a time, for there is one connection.
type nested struct{ conn borrowed }

// Commit implements driver.Tx.
func (n nested) Commit() error { return n.run("RELEASE SAVEPOINT " + savepoint) }

// Rollback implements driver.Tx.
func (n nested) Rollback() error { return n.run("ROLLBACK TO SAVEPOINT " + savepoint) }

func (n nested) run(statement string) error {
	_, err := n.conn.ExecContext(context.Background(), statement, nil)
	return err
}
