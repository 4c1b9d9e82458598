package sqlstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
)

// function is a query that PostgreSQL keeps, and the query that calls it.
type function struct{ name, create, call string }

// newFunction is named after its text, so that servers of two versions each
// call their own.
func newFunction(name string, arguments []string, columns []column, query string) function {
	body := `(` + strings.Join(arguments, ", ") + `) RETURNS TABLE (` + declared(columns) + `) LANGUAGE plpgsql STABLE ROWS 1 AS $$
#variable_conflict use_column
BEGIN RETURN QUERY ` + sqlx.Rebind(sqlx.DOLLAR, query) + `; END $$`
	sum := sha256.Sum256([]byte(body))
	name = "meet_server_" + name + "_" + hex.EncodeToString(sum[:4])
	return function{
		name: name, create: `CREATE FUNCTION ` + name + body,
		call: `SELECT * FROM ` + name + `(` + strings.TrimSuffix(strings.Repeat("?, ", len(arguments)), ", ") + `)`,
	}
}

// functionsStep is the step that makes this version's functions.
func functionsStep(applied bool) Migration {
	return Migration{Name: "functions of this version", Applied: applied}
}

// makeFunctions makes those that are missing. Those of other versions stay:
// their servers may still run.
func (m *Migrator) makeFunctions(ctx context.Context, pool *sql.DB, report *Report) error {
	missing, err := m.missing(ctx, pool)
	if err != nil || len(missing) == 0 {
		return err
	}
	for _, f := range missing {
		if _, err := pool.ExecContext(ctx, f.create); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	report.Steps = append(report.Steps, functionsStep(true))
	return nil
}

// missing are the functions that the database lacks.
func (m *Migrator) missing(ctx context.Context, pool *sql.DB) (list []function, err error) {
	for _, f := range m.db.functions {
		var there bool
		if err := pool.QueryRowContext(ctx, `SELECT to_regproc($1) IS NOT NULL`, f.name).Scan(&there); err != nil {
			return nil, fmt.Errorf("look for %s: %w", f.name, err)
		}
		if !there {
			list = append(list, f)
		}
	}
	return list, nil
}
