package sqlstore

import "strings"

// column is one of a query's: its name, its type in PostgreSQL and where it
// comes from.
type column struct{ name, kind, from string }

// orEmpty is a column of text that may be NULL, which reads as "".
func orEmpty(name, from string) column { return column{name, "varchar", `COALESCE(` + from + `, '')`} }

// prefixed are the columns with longer names: "person.id" for id.
func prefixed(prefix string, columns []column) []column {
	longer := make([]column, 0, len(columns))
	for _, c := range columns {
		longer = append(longer, column{prefix + c.name, c.kind, c.from})
	}
	return longer
}

// listed is how a SELECT lists the columns.
func listed(columns []column) string {
	list := make([]string, 0, len(columns))
	for _, c := range columns {
		list = append(list, c.from+` AS "`+c.name+`"`)
	}
	return strings.Join(list, ", ")
}

// converted are the columns as the types that a function declares: the
// tables are the reference's too, and a newer one may change theirs.
func converted(columns []column) []column {
	list := make([]column, 0, len(columns))
	for _, c := range columns {
		list = append(list, column{c.name, c.kind, `CAST(` + c.from + ` AS ` + c.kind + `)`})
	}
	return list
}

// declared is how a function declares them as what it returns.
func declared(columns []column) string {
	list := make([]string, 0, len(columns))
	for _, c := range columns {
		list = append(list, `"`+c.name+`" `+c.kind)
	}
	return strings.Join(list, ", ")
}
