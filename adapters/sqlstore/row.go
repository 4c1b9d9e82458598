package sqlstore

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode"

	"meet/domain"
)

// object is a JSON column that holds a room configuration.
type object domain.RoomConfiguration

// Scan implements sql.Scanner. Rows of old may hold any JSON value; what is
// not an object counts as an empty one.
func (o *object) Scan(value any) error {
	var text []byte
	switch v := value.(type) {
	case []byte:
		text = v
	case string:
		text = []byte(v)
	case nil:
		return nil
	default:
		return fmt.Errorf("unexpected %T in a JSON column", value)
	}
	*o = nil
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) || bytes.Equal(text, []byte("{}")) {
		return nil
	}
	return json.Unmarshal(text, (*map[string]any)(o))
}

// Value implements driver.Valuer.
func (o object) Value() (driver.Value, error) {
	if o == nil {
		return "{}", nil
	}
	text, err := json.Marshal(map[string]any(o))
	return string(text), err
}

// equal reports whether both hold the same.
func (o object) equal(other object) bool {
	return len(o) == len(other) && (len(o) == 0 || reflect.DeepEqual(o, other))
}

// assignments are the columns that an UPDATE writes: what was not changed may
// be stored otherwise than we read it, and stays so.
type assignments []string

func (a *assignments) add(assignment string, changed bool) {
	if changed {
		*a = append(*a, assignment)
	}
}

// String is how SET lists them.
func (a assignments) String() string { return strings.Join(a, ", ") }

// snake is the column of a field: CreatedAt becomes created_at, UserID user_id.
func snake(field string) string {
	var column strings.Builder
	letters := []rune(field)
	for i, letter := range letters {
		if unicode.IsUpper(letter) && i > 0 && (unicode.IsLower(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])) {
			column.WriteByte('_')
		}
		column.WriteRune(unicode.ToLower(letter))
	}
	return column.String()
}
