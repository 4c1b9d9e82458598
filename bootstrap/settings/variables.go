// Package settings reads environment variables by one table of all names,
// formats, defaults and meanings, and says what is wrong with them.
package settings

import (
	_ "embed"
	"strings"
	"sync"
)

// Status says what a variable does here.
type Status string

// The statuses.
const (
	Supported Status = "S"
	Later     Status = "L" // known to the reference, not supported yet
	Unused    Status = "N" // has no place here; the meaning says why
)

// Variable is one row of the table.
type Variable struct {
	Group, Name, Type, Default string
	Status                     Status
	Meaning                    string
}

// Secret reports whether nothing of the value may be shown. Secrets can come
// from a file that the variable with the suffix _FILE names.
func (v Variable) Secret() bool { return v.Type == "secret" }

// URL reports whether the value may be shown as domain.MaskURL makes it.
func (v Variable) URL() bool { return v.Type == "url" || v.Type == "dburl" }

//go:embed variables.tsv
var table string

// All is every variable, in the order of the table.
var All = sync.OnceValue(func() []Variable {
	var all []Variable
	for line := range strings.Lines(table) {
		c := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		all = append(all, Variable{Group: c[0], Name: c[1], Type: c[2], Default: c[3], Status: Status(c[4]), Meaning: c[5]})
	}
	return all
})

// Find is the variable of that name.
func Find(name string) (Variable, bool) {
	v, known := byName()[name]
	return v, known
}

var byName = sync.OnceValue(func() map[string]Variable {
	index := map[string]Variable{}
	for _, v := range All() {
		index[v.Name] = v
	}
	return index
})
