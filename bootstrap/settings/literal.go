package settings

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParseLiteral reads a Python literal (PEP 3141 numbers, texts, True, False,
// None, lists, tuples, sets, dictionaries) or JSON. Keys become texts.
func ParseLiteral(text string) (any, error) {
	p := &literal{rest: text}
	value, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if p.skip(); p.rest != "" {
		return nil, errors.New("unexpected text after the value")
	}
	return value, nil
}

// literal is what is left to read.
type literal struct{ rest string }

const maxDepth = 100

var errLiteral = errors.New("not a literal")

func (p *literal) skip() { p.rest = strings.TrimLeft(p.rest, " \t\r\n\f") }

func (p *literal) eat(token string) bool {
	p.skip()
	rest, found := strings.CutPrefix(p.rest, token)
	if found {
		p.rest = rest
	}
	return found
}

var words = map[string]any{"True": true, "true": true, "False": false, "false": false, "None": nil, "null": nil}

func (p *literal) value(depth int) (any, error) {
	if depth > maxDepth {
		return nil, errors.New("nested too deeply")
	}
	switch p.skip(); {
	case p.eat("{"):
		return p.braces(depth)
	case p.eat("["):
		return p.items("]", depth)
	case p.eat("("):
		return p.items(")", depth)
	}
	if value, is, err := p.text(); is {
		return value, err
	}
	end := strings.IndexFunc(p.rest, func(r rune) bool { return strings.ContainsRune(" \t\r\n\f,:]})", r) })
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	if value, known := words[word]; known {
		return value, nil
	}
	if number, err := parseInt(word); err == nil {
		return number, nil
	}
	if number, err := strconv.ParseFloat(word, 64); err == nil && strings.ContainsAny(word, "0123456789") {
		return number, nil
	}
	return nil, errLiteral
}

// items reads up to the closing bracket; a comma may stand before it.
func (p *literal) items(closing string, depth int) ([]any, error) {
	list := []any{}
	for !p.eat(closing) {
		item, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
		if !p.eat(",") && !strings.HasPrefix(p.rest, closing) {
			return nil, errLiteral
		}
	}
	return list, nil
}

// braces reads a dictionary, or a set as a list.
func (p *literal) braces(depth int) (any, error) {
	dict, set := map[string]any{}, []any{}
	for !p.eat("}") {
		key, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if !p.eat(":") {
			set = append(set, key)
		} else {
			value, err := p.value(depth + 1)
			if err != nil {
				return nil, err
			}
			dict[fmt.Sprint(key)] = value
		}
		if !p.eat(",") && !strings.HasPrefix(p.rest, "}") {
			return nil, errLiteral
		}
	}
	if len(set) > 0 {
		return set, nil
	}
	return dict, nil
}

// text reads a quoted text with its prefix; is tells whether there is one.
func (p *literal) text() (value string, is bool, err error) {
	letters := len(p.rest) - len(strings.TrimLeft(p.rest, "rRbBuU"))
	prefix, rest := strings.ToLower(p.rest[:letters]), p.rest[letters:]
	if rest == "" || (rest[0] != '\'' && rest[0] != '"') || letters > 2 {
		return "", false, nil
	}
	quote := rest[:1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(rest, triple) {
		quote = triple
	}
	p.rest = rest[len(quote):]
	var read strings.Builder
	for p.rest != "" {
		if strings.HasPrefix(p.rest, quote) {
			p.rest = p.rest[len(quote):]
			return read.String(), true, nil
		}
		if p.rest[0] == '\\' && !strings.Contains(prefix, "r") {
			if err := p.escape(&read); err != nil {
				return "", true, err
			}
			continue
		}
		_, size := utf8.DecodeRuneInString(p.rest)
		read.WriteString(p.rest[:size])
		p.rest = p.rest[size:]
	}
	return "", true, errors.New("text without end")
}

var escapes = map[byte]string{
	'n': "\n", 't': "\t", 'r': "\r", '\\': "\\", '\'': "'", '"': "\"", '/': "/", 'b': "\b", 'f': "\f", 'a': "\a", 'v': "\v", '\n': "",
}

// escape reads one backslash escape.
func (p *literal) escape(read *strings.Builder) error {
	if len(p.rest) < 2 {
		return errLiteral
	}
	kind := p.rest[1]
	if text, simple := escapes[kind]; simple {
		read.WriteString(text)
		p.rest = p.rest[2:]
		return nil
	}
	size, coded := map[byte]int{'x': 2, 'u': 4, 'U': 8}[kind]
	if !coded { // Python keeps unknown escapes as they are
		read.WriteString(p.rest[:2])
		p.rest = p.rest[2:]
		return nil
	}
	if len(p.rest) < 2+size {
		return errLiteral
	}
	code, err := strconv.ParseInt(p.rest[2:2+size], 16, 32)
	if err != nil || !utf8.ValidRune(rune(code)) {
		return errLiteral
	}
	read.WriteRune(rune(code))
	p.rest = p.rest[2+size:]
	return nil
}
