package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"meet/domain"
)

// readBody decodes the request's JSON or multipart object.
func readBody(c echo.Context) (map[string]any, error) {
	body := bodyOf(c)
	content, err := body.bytes()
	if err != nil {
		return nil, err
	}
	if len(content) == 0 {
		return map[string]any{}, nil
	}
	header := c.Request().Header
	contentType := header.Get(echo.HeaderContentType)
	kind, parameters, _ := mime.ParseMediaType(contentType)
	switch {
	case len(header.Values(echo.HeaderContentType)) > 1:
		return nil, badRequest("Conflicting Content-Type headers.")
	case kind == mimeJSON:
		values, err := weigh(content)
		if err == nil {
			err = body.afford(values)
		}
		if err != nil {
			return nil, err
		}
		return decodeJSON(content)
	case kind == mimeMultipart:
		if err := checkParts(body, content, parameters["boundary"]); err != nil {
			return nil, err
		}
		return decodeMultipart(content, parameters["boundary"])
	default:
		return nil, &refusal{
			status: http.StatusUnsupportedMediaType,
			detail: fmt.Sprintf("Unsupported media type \"%s\" in request.", domain.Excerpt(contentType)),
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
		return nil, badRequest("JSON parse error - " + domain.Excerpt(strings.TrimPrefix(err.Error(), "json: ")))
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

// formField is a field of a form body, which JSON has none of. The last of
// equal names wins.
func formField(c echo.Context, name string) (value string, given bool, err error) {
	kind, parameters, _ := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	if kind != mimeForm && kind != mimeMultipart {
		return "", false, nil
	}
	content, err := bodyOf(c).bytes()
	if err != nil {
		return "", false, err
	}
	if kind == mimeMultipart {
		if err := checkParts(bodyOf(c), content, parameters["boundary"]); err != nil {
			return "", false, err
		}
		object, err := decodeMultipart(content, parameters["boundary"])
		value, given = object[name].(string)
		return value, given && err == nil, nil
	}
	if bytes.Count(content, []byte("&")) > maxParts {
		return "", false, badRequest("Form parse error - too many fields")
	}
	values, err := url.ParseQuery(string(content))
	if list := values[name]; err == nil && len(list) > 0 {
		return list[len(list)-1], true, nil
	}
	return "", false, nil
}
