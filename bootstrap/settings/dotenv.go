package settings

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/joho/godotenv"
)

// ReadDotenv reads a file of NAME=value lines. Its errors name the file, the
// line and the variable, and nothing of any value; one that is not there is
// os.ErrNotExist.
func ReadDotenv(path string) (map[string]string, error) {
	content, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read, is it a file that this user may read?", path)
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(content), "\ufeff"), "\r\n", "\n")
	variables, err := godotenv.Unmarshal(text)
	if _, nameless := variables[""]; err != nil || nameless {
		return nil, fmt.Errorf("%s, %s", path, fault(text))
	}
	return variables, nil
}

var (
	assignment = regexp.MustCompile(`^(?:export[ \t]+)?([\pL\pN_.]+)[ \t]*[=:][ \t]*`)
	ignored    = regexp.MustCompile(`^(?:\s+|#[^\n]*)`)
)

// fault says where the text is no list of assignments. It names variables of
// the table alone: a line of base64 looks like an assignment.
func fault(text string) string {
	rest, name := text, ""
	line := func() int { return strings.Count(text[:len(text)-len(rest)], "\n") + 1 }
	for {
		for found := ignored.FindString(rest); found != ""; found = ignored.FindString(rest) {
			rest = rest[len(found):]
		}
		match := assignment.FindStringSubmatch(rest)
		if match == nil {
			break
		}
		begun := line()
		named := "a variable"
		if variable(match[1]) {
			name, named = match[1], match[1]
		}
		rest = rest[len(match[0]):]
		if rest == "" || rest[0] != '"' && rest[0] != '\'' {
			_, rest, _ = strings.Cut(rest, "\n")
			continue
		}
		end := closing(rest)
		if end < 0 {
			return fmt.Sprintf("line %d: the quotation mark before the value of %s has no counterpart", begun, named)
		}
		rest = rest[end+1:]
	}
	if name != "" {
		return fmt.Sprintf("line %d: expected NAME=value; a value of several lines, as that of %s may be, needs quotation marks around it", line(), name)
	}
	return fmt.Sprintf("line %d: expected NAME=value", line())
}

// variable reports whether the name is one of the table, or of a file with a
// secret.
func variable(name string) bool {
	_, known := Find(name)
	base, file := strings.CutSuffix(name, "_FILE")
	v, _ := Find(base)
	return known || file && v.Secret()
}

// closing is where the quoted text ends, -1 when it does not.
func closing(text string) int {
	for i := 1; i < len(text); i++ {
		if text[i] == text[0] && text[i-1] != '\\' {
			return i
		}
	}
	return -1
}
