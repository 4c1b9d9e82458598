// Package sqlstore keeps the application's collections in PostgreSQL or
// SQLite. Both speak the same SQL here; the few differences live in db.go.
package sqlstore
