package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// connector makes connections to PostgreSQL that end when their server turns
// out to be a standby.
type connector struct{ *pq.Connector }

// newConnector makes connections on which statements travel with their
// arguments, unnamed. Of several hosts it takes one that can be written to,
// unless the address says otherwise. Once a server has let us in, every answer
// of it comes within patience, or fails.
func newConnector(address string, patience time.Duration) (connector, error) {
	config, err := pq.NewConfig(address)
	if err != nil {
		return connector{}, withoutSecrets(err)
	}
	config.BinaryParameters = true
	if config.SSLMode == "" {
		config.SSLMode = pq.SSLModePrefer
	}
	if config.ApplicationName == "" {
		config.ApplicationName = applicationName
	}
	if len(config.Multi) > 0 && config.TargetSessionAttrs == "" {
		config.TargetSessionAttrs = pq.TargetSessionAttrsReadWrite
	}
	inner, err := pq.NewConnectorConfig(config)
	if err != nil {
		return connector{}, withoutSecrets(err)
	}
	inner.Dialer(newDialer(1+len(config.Multi), patience))
	return connector{inner}, nil
}

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	var opening opening
	conn, err := c.Connector.Connect(context.WithValue(ctx, openingKey{}, &opening))
	if err != nil {
		return nil, err
	}
	inner, able := conn.(pqConn)
	if !able {
		return nil, errors.Join(fmt.Errorf("the driver's %T lacks a method", conn), conn.Close())
	}
	if err := opening.conn.enter(); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &session{pqConn: inner}, nil
}

// pqConn is what the driver's connections can do.
type pqConn interface {
	speaker
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// session is a connection that is not used again once its server has refused
// a change for being a standby: the address may lead to the primary by now.
// The pool repeats what was refused outside of a transaction on another one.
type session struct {
	pqConn
	standby bool
}

// IsValid implements driver.Validator.
func (s *session) IsValid() bool { return !s.standby && s.pqConn.IsValid() }

// BeginTx implements driver.ConnBeginTx. The driver asks for a transaction
// that may write, which a standby refuses as a feature that it does not have.
func (s *session) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	tx, err := s.pqConn.BeginTx(ctx, options)
	return tx, s.examined(err, "0A000", readOnly)
}

// ExecContext implements driver.ExecerContext.
func (s *session) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	result, err := s.pqConn.ExecContext(ctx, query, args)
	return result, s.examined(err, readOnly)
}

// QueryContext implements driver.QueryerContext.
func (s *session) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := s.pqConn.QueryContext(ctx, query, args)
	return rows, s.examined(err, readOnly)
}

// readOnly is PostgreSQL's code for a change in a transaction that may only
// read.
const readOnly = "25006"

// examined ends the session when the error has one of the codes.
func (s *session) examined(err error, codes ...pqerror.Code) error {
	refused, answered := errors.AsType[*pq.Error](err)
	for _, code := range codes {
		if answered && refused.Code == code {
			s.standby = true
			return fmt.Errorf("%w: %w", driver.ErrBadConn, err)
		}
	}
	return err
}
