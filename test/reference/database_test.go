// Package reference tests that databases of the reference are taken over:
// old schemas are written down in testdata, filled, migrated and compared.
package reference

import (
	"fmt"
	"os"
	"testing"

	"github.com/jmoiron/sqlx"

	"meet/adapters/sqlstore"
	"meet/migrations"
	"meet/migrations/reference"
	"meet/test/postgres"
)

// database is one on the server, and how the product reaches it.
type database struct {
	*sqlx.DB
	config sqlstore.Config
}

// written runs files of testdata on an empty database.
func written(t *testing.T, files ...string) database {
	t.Helper()
	address := postgres.URL(t)
	db := sqlx.MustConnect("postgres", address)
	t.Cleanup(func() { _ = db.Close() })
	for _, file := range files {
		text, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(string(text)); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	return database{db, sqlstore.Config{PostgresURL: address}}
}

// at is a database at any version: the nearest older one that is written
// down, carried on to it.
func at(t *testing.T, core int) database {
	t.Helper()
	if core == reference.Newest {
		db := written(t)
		db.MustExec(migrations.PostgresBaseline)
		return db
	}
	from := 2
	for _, known := range []int{10, 14, 18, 21} {
		if known <= core {
			from = known
		}
	}
	db := written(t, fmt.Sprintf("%04d.sql", from))
	tx := db.MustBegin()
	if _, err := reference.Forward(t.Context(), tx.Tx, from, core); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return db
}

// open is the product's own view of the database.
func (d database) open(t *testing.T) (*sqlstore.DB, *sqlstore.Migrator) {
	t.Helper()
	store, err := sqlstore.Open(d.config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	migrator := sqlstore.NewMigrator(store, d.config)
	return store, migrator
}

func (d database) up(t *testing.T) sqlstore.Report {
	t.Helper()
	_, migrator := d.open(t)
	report, err := migrator.Up(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// texts are the rows of a query with one column.
func (d database) texts(t *testing.T, query string) []string {
	t.Helper()
	var rows []string
	if err := d.Select(&rows, query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return rows
}

// schema describes everything in the catalogue that a schema consists of, and
// what Django takes for done.
func (d database) schema(t *testing.T) []string {
	t.Helper()
	return d.texts(t, `
	SELECT format('%s column %s %s %s null=%s default=%s identity=%s', c.relname,
		row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname, format_type(a.atttypid, a.atttypmod),
		NOT a.attnotnull, pg_get_expr(f.adbin, f.adrelid), a.attidentity)
	FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum
	WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
	UNION ALL SELECT format('%s constraint %s %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid), condeferrable, condeferred)
	FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
	UNION ALL SELECT format('%s index %s', tablename, indexdef) FROM pg_indexes WHERE schemaname = 'public'
	UNION ALL SELECT format('sequence %s %s %s', sequencename, data_type, start_value) FROM pg_sequences WHERE schemaname = 'public'
	UNION ALL SELECT 'extension ' || extname FROM pg_extension
	UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
	UNION ALL SELECT format('django %s %s', app, name) FROM django_migrations
	ORDER BY 1`)
}

// rows are all rows of the tables that were there, by table, without what our
// own steps add.
func (d database) rows(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, table := range d.texts(t, `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'meet_server_%' ORDER BY 1`) {
		all[table] = d.texts(t, `SELECT to_jsonb(r)::text FROM "`+table+`" r ORDER BY 1`)
	}
	return all
}
