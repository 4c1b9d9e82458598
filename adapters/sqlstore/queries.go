package sqlstore

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"meet/domain"
)

// queries are those that nearly every request makes. To plan them costs
// PostgreSQL ten times what it costs to run them, so there each is a call of a
// function, which keeps its plan in the server process that runs it: no
// connection has to stay the same for that, as for prepared statements.
type queries struct {
	who       string // session key, now
	arrivals  byKey  // the room's key, session key, now
	rooms     byKey  // the room's key
	glimpses  byKey  // what is behind the viewer's LiveKit identity, and the room's key
	views     byKey  // the viewer, twice, and the room's key
	functions []function
}

// byKey is a query in two forms: for the room's id and for its slug.
type byKey struct{ id, slug string }

// of is the form for the key, and the key as its argument.
func (q byKey) of(key domain.RoomKey) (query string, value any) {
	if key.ID == uuid.Nil {
		return q.slug, key.Slug
	}
	return q.id, key.ID
}

func queriesOf(speaks dialect) queries {
	var q queries
	q.who = q.add(speaks, "who", []string{"text", "timestamptz"}, personColumns, validSession)
	q.arrivals = q.addByKey(speaks, "arrive", []string{keyed, "text", "timestamptz"},
		slices.Concat(prefixed("person.", personColumns), speaks.viewColumns(`u.id`)), arrived)
	q.rooms = q.addByKey(speaks, "room", []string{keyed}, roomColumns, ` FROM meet_room r WHERE `+keyed)
	q.glimpses = q.addByKey(speaks, "glimpse", []string{"text", keyed}, glimpseColumns, ` FROM meet_room r WHERE `+keyed)
	q.views = q.addByKey(speaks, "view", []string{"uuid", "uuid", keyed}, speaks.viewColumns(`?`), viewed+` WHERE `+keyed)
	return q
}

// keyed stands for the condition that finds room r, and for the type of its
// argument.
const keyed = "{key}"

// addByKey adds both forms.
func (q *queries) addByKey(speaks dialect, name string, arguments []string, columns []column, tail string) byKey {
	form := func(name, kind, condition string) string {
		typed := slices.Clone(arguments)
		typed[slices.Index(typed, keyed)] = kind
		return q.add(speaks, name, typed, columns, strings.ReplaceAll(tail, keyed, condition))
	}
	return byKey{id: form(name+"_by_id", "uuid", `r.resource_id = ?`), slug: form(name+"_by_slug", "text", `r.slug = ?`)}
}

// add is the query of the columns and the tail, on PostgreSQL a call of its
// function.
func (q *queries) add(speaks dialect, name string, arguments []string, columns []column, tail string) string {
	if speaks.driver != postgres.driver {
		return `SELECT ` + listed(columns) + tail
	}
	made := newFunction(name, arguments, columns, `SELECT `+listed(converted(columns))+tail)
	q.functions = append(q.functions, made)
	return made.call
}
