package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"strings"

	"github.com/lib/pq"
	"modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"meet/domain"
)

// conflict says what a violated unique constraint means: the one whose name
// or columns contain column.
type conflict struct {
	column string
	err    error
}

var errUnavailable = &domain.Error{Kind: domain.Unavailable, Detail: "The database cannot be reached."}

var errUnstorable = &domain.Error{Kind: domain.Invalid, Detail: "A text holds characters that are not allowed."}

// translate turns driver errors into the domain's.
func translate(err, missing error, conflicts ...conflict) error {
	if err == nil {
		return nil
	}
	if missing != nil && errors.Is(err, sql.ErrNoRows) {
		return missing
	}
	if unstorable(err) {
		if missing != nil {
			return missing // nothing can be stored under it
		}
		return errUnstorable
	}
	if where, violated := uniqueViolation(err); violated {
		for _, known := range conflicts {
			if strings.Contains(where, known.column) {
				return known.err
			}
		}
	}
	return reachable(err)
}

func uniqueViolation(err error) (where string, violated bool) {
	if refused, ok := errors.AsType[*pq.Error](err); ok {
		return refused.Constraint, refused.Code == "23505"
	}
	if refused, ok := errors.AsType[*sqlite.Error](err); ok {
		code := refused.Code()
		return refused.Error(), code == codes.SQLITE_CONSTRAINT_UNIQUE || code == codes.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return "", false
}

// unstorable reports whether a text holds what PostgreSQL cannot keep: NUL,
// or bytes that are no UTF-8.
func unstorable(err error) bool {
	refused, ok := errors.AsType[*pq.Error](err)
	return ok && (refused.Code == "22021" || refused.Code == "22P05")
}

// reachable marks errors that only say the database is away.
func reachable(err error) error {
	if err == nil {
		return nil
	}
	away := errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone)
	if _, network := errors.AsType[net.Error](err); network && !errors.Is(err, context.Canceled) {
		away = true
	}
	if refused, ok := errors.AsType[*pq.Error](err); ok {
		class := string(refused.Code.Class())
		away = away || refused.Code == "25006" || class == "08" || class == "53" || strings.HasPrefix(string(refused.Code), "57P")
	}
	if away || unwritable(err) {
		return errors.Join(errUnavailable, err)
	}
	return err
}

// unwritable reports whether every host that answered is a standby: the driver
// has no error of its own for that.
func unwritable(err error) bool {
	text := err.Error()
	return strings.HasSuffix(text, "hot standby mode") || strings.HasSuffix(text, "session is read-only")
}
