// Package migrations holds the schema as SQL: the baseline, which is exactly
// the reference's at its newest version, and our own numbered additions, which
// live in tables the reference ignores. Numbered files are append only.
package migrations

import "embed"

// Postgres and SQLite hold the numbered additions.
var (
	//go:embed postgres/*.sql
	Postgres embed.FS
	//go:embed sqlite/*.sql
	SQLite embed.FS
)

// The baselines, as one text of many statements each.
var (
	//go:embed baseline/postgres.sql
	PostgresBaseline string
	//go:embed baseline/sqlite.sql
	SQLiteBaseline string
)
