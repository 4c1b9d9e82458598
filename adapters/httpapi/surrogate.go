package httpapi

import (
	"bytes"
	"fmt"
	"strconv"
)

// surrogateMark stands where a text held half of a surrogate pair, which Go
// strings cannot; the code point's four hex digits follow it. It is a
// noncharacter, so no honest text holds it.
const surrogateMark = '\ufdd0'

// markSurrogates replaces escapes of lone surrogates by marks, so that the
// field that holds them can be refused by name.
func markSurrogates(body []byte) []byte {
	if !bytes.Contains(body, []byte(`\ud`)) && !bytes.Contains(body, []byte(`\uD`)) {
		return body
	}
	marked := make([]byte, 0, len(body))
	for i := 0; i < len(body); i++ {
		if body[i] != '\\' || i+1 >= len(body) {
			marked = append(marked, body[i])
			continue
		}
		first, is := surrogate(body[i:])
		second, paired := 0, false
		if is {
			second, paired = surrogate(body[min(i+6, len(body)):])
		}
		switch {
		case !is: // another escape: copy both of its bytes
			marked = append(marked, body[i], body[i+1])
			i++
		case first < 0xdc00 && paired && second >= 0xdc00:
			marked = append(marked, body[i:i+12]...)
			i += 11
		default:
			marked = append(marked, fmt.Sprintf(`\ufdd0%04X`, first)...)
			i += 5
		}
	}
	return marked
}

// surrogate reads a `\uD8xx` escape at the start of text.
func surrogate(text []byte) (code int, is bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	number, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return int(number), err == nil && number >= 0xd800 && number <= 0xdfff
}
