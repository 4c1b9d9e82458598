package settings

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"meet/domain"
)

// Reader reads variables and collects all that is wrong, so that one start
// names every mistake.
type Reader struct {
	lookup   func(name string) (string, bool)
	problems []string
	warnings []string
}

// NewReader reads through lookup, such as os.LookupEnv.
func NewReader(lookup func(name string) (string, bool)) *Reader {
	return &Reader{lookup: lookup}
}

// Problems are the mistakes found so far, each naming its variable.
func (r *Reader) Problems() []string { return r.problems }

// Warn notes something that stops nobody, once.
func (r *Reader) Warn(text string) {
	if !slices.Contains(r.warnings, text) {
		r.warnings = append(r.warnings, text)
	}
}

// Warned is what was noted.
func (r *Reader) Warned() []string { return r.warnings }

// Refuse notes a mistake.
func (r *Reader) Refuse(name, format string, args ...any) {
	r.problems = append(r.problems, name+": "+fmt.Sprintf(format, args...))
}

// Set reports whether the variable, or its file, is in the environment.
func (r *Reader) Set(name string) bool {
	_, plain := r.lookup(name)
	_, file := r.lookup(name + "_FILE")
	return plain || (file && byName()[name].Type == "secret")
}

// Text is the value without surrounding white space, or the default.
func (r *Reader) Text(name string) string {
	v, known := byName()[name]
	if !known {
		r.Refuse(name, "is not in the table of variables")
		return ""
	}
	if path, set := r.lookup(name + "_FILE"); set && v.Type == "secret" {
		return r.file(name, path)
	}
	if value, set := r.lookup(name); set {
		return r.trimmed(name, value)
	}
	return v.Default
}

// Trim takes surrounding white space off a value, with the byte order mark
// that some editors write.
func Trim(value string) string {
	return strings.TrimFunc(value, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' })
}

func (r *Reader) trimmed(name, value string) string {
	text := Trim(value)
	if text != value {
		r.Warn(name + " has white space (such as a line end) around its value, which is taken off")
	}
	return text
}

// file reads a secret. A line feed at the end of the file belongs to the file.
// The path is not told: it may be the secret itself, put there by mistake.
func (r *Reader) file(name, path string) string {
	content, err := os.ReadFile(Trim(path))
	switch {
	case path == "" || os.IsNotExist(err):
		r.Refuse(name+"_FILE", "names a file that does not exist")
	case err != nil:
		r.Refuse(name+"_FILE", "names a file that cannot be read")
	}
	text := strings.ReplaceAll(string(content), "\r\n", "\n")
	return r.trimmed(name+"_FILE", strings.TrimSuffix(text, "\n"))
}

// Bool is true or false.
func (r *Reader) Bool(name string) bool {
	text := strings.TrimSpace(r.Text(name))
	truth, ok := domain.Bool(text)
	if !ok && text != "" {
		r.Refuse(name, "Cannot interpret boolean value %s", Quote(text))
	}
	return truth
}

// Int is a whole number of at least least.
func (r *Reader) Int(name string, least int) int {
	text := r.Text(name)
	number, err := parseInt(text)
	if err != nil || number < least {
		r.Refuse(name, "Cannot interpret value %s", Quote(text))
	}
	return number
}

// IntOrNull is a whole number, or nil when the variable is not set.
func (r *Reader) IntOrNull(name string) *int {
	if !r.Set(name) {
		return nil
	}
	least := 0
	if byName()[name].Type == "int" {
		least = -1 << 62
	}
	number := r.Int(name, least)
	return &number
}

// parseInt reads Python's integer literals: sign, digits, single underscores.
func parseInt(text string) (int, error) {
	text = strings.TrimSpace(text)
	digits := strings.TrimLeft(text, "+-")
	if strings.HasPrefix(digits, "_") || strings.HasSuffix(digits, "_") || strings.Contains(digits, "__") {
		return 0, strconv.ErrSyntax
	}
	return strconv.Atoi(strings.ReplaceAll(text, "_", ""))
}

// Seconds is a whole number of seconds.
func (r *Reader) Seconds(name string, least int) time.Duration {
	return time.Duration(r.Int(name, least)) * time.Second
}

// TextOrNull is the value, or nil when the variable is not set.
func (r *Reader) TextOrNull(name string) *string {
	if !r.Set(name) {
		return nil
	}
	text := r.Text(name)
	return &text
}

// List is the parts between commas, trimmed, without empty ones.
func (r *Reader) List(name string) []string { return split(r.Text(name), ",") }

func split(text, separator string) []string {
	list := []string{}
	for _, item := range strings.Split(text, separator) {
		if item = Trim(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

// Pairs is "key,value;key,value".
func (r *Reader) Pairs(name string) [][2]string {
	var pairs [][2]string
	for i, group := range split(r.Text(name), ";") {
		parts := split(group, ",")
		if len(parts) != 2 {
			r.Refuse(name, "Cannot interpret group %d, expected code,Name;code,Name", i+1)
			continue
		}
		pairs = append(pairs, [2]string{parts[0], parts[1]})
	}
	return pairs
}

// Dict is a Python literal of a dictionary, or a JSON object.
func (r *Reader) Dict(name string) map[string]any {
	text := r.Text(name)
	if text == "" {
		return map[string]any{}
	}
	value, err := ParseLiteral(text)
	dict, ok := value.(map[string]any)
	if err != nil || !ok {
		r.Refuse(name, "Cannot interpret dict value, expected a Python literal or JSON such as {'key': 'value'}")
		return map[string]any{}
	}
	return dict
}

// Rate is "N/period"; the first letter of the period counts: s, m, h, d.
func (r *Reader) Rate(name string) (limit int, period time.Duration) {
	text := r.Text(name)
	number, unit, _ := strings.Cut(text, "/")
	limit, err := parseInt(number)
	periods := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}
	period, known := periods[unit[:min(1, len(unit))]]
	if err != nil || limit < 1 || !known {
		r.Refuse(name, "Cannot interpret rate %s, expected for example 600/minute", Quote(text))
		return 1, time.Second
	}
	return limit, period
}
