package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"meet/domain"
)

const maxBody = 2_621_440 // bytes, the reference's limit for forms

// readBody decodes the request's JSON or multipart object.
func readBody(c echo.Context) (map[string]any, error) {
	request := c.Request()
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), request.Body, maxBody))
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok && tooLarge != nil {
		return nil, errTooLarge
	}
	if err != nil {
		return nil, badRequest("The request body could not be read.")
	}
	if len(body) == 0 {
		return map[string]any{}, nil
	}
	contentType := request.Header.Get(echo.HeaderContentType)
	kind, parameters, _ := mime.ParseMediaType(contentType)
	switch {
	case len(request.Header.Values(echo.HeaderContentType)) > 1:
		return nil, badRequest("Conflicting Content-Type headers.")
	case kind == mimeJSON:
		return decodeJSON(body)
	case kind == mimeMultipart:
		return decodeMultipart(body, parameters["boundary"])
	default:
		return nil, &refusal{
			status: http.StatusUnsupportedMediaType,
			detail: fmt.Sprintf("Unsupported media type \"%s\" in request.", contentType),
		}
	}
}

func decodeJSON(body []byte) (map[string]any, error) {
	if !utf8.Valid(body) {
		return nil, badRequest("JSON parse error - not UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(markSurrogates(body)))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, badRequest("JSON parse error - " + strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, badRequest("JSON parse error - Extra data")
	}
	switch v := value.(type) {
	case map[string]any:
		return v, nil
	case nil:
		return nil, domain.InvalidField(domain.WholeObject, "No data provided")
	default:
		return nil, domain.InvalidField(domain.WholeObject,
			fmt.Sprintf("Invalid data. Expected a dictionary, but got %s.", typeName(value)))
	}
}

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
