package httpapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"strconv"
	"strings"

	"meet/domain"
)

const maxParts = 100 // of a multipart body, fields of a form

var (
	errNoBoundary = badRequest("Multipart form parse error - Invalid boundary in multipart: None")
	errManyParts  = badRequest("Multipart form parse error - too many parts")
)

// checkParts makes room for the parts of a multipart body, of which a
// delimiter is before each and after the last.
func checkParts(body *body, content []byte, boundary string) error {
	if boundary == "" {
		return errNoBoundary
	}
	parts := bytes.Count(content, []byte("--"+boundary))
	if parts > maxParts+1 {
		return errManyParts
	}
	return body.afford(partValues * parts)
}

// decodeMultipart reads a form into an object: "a.b" nests objects, "a[0]"
// builds lists, all values are texts, the last of equal names wins.
func decodeMultipart(body []byte, boundary string) (map[string]any, error) {
	object := map[string]any{}
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	for parts := 0; ; parts++ {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return object, nil
		}
		if err != nil {
			if parts == 0 && !bytes.Contains(body, []byte(boundary)) {
				return object, nil
			}
			return nil, badRequest("Multipart form parse error - malformed part")
		}
		if parts == maxParts {
			return nil, errManyParts
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, badRequest("Multipart form parse error - truncated part")
		}
		path, err := parseKey(part.FormName())
		if err != nil {
			return nil, err
		}
		if err := put(object, path, formValue(part, value)); err != nil {
			return nil, err
		}
	}
}

// upload stands for a file, which no field takes.
type upload struct{}

func formValue(part *multipart.Part, value []byte) any {
	if part.FileName() != "" {
		return upload{}
	}
	return strings.ToValidUTF8(string(value), "\ufffd")
}

// parseKey splits "a.b[0].c" into its steps: names and indexes.
func parseKey(key string) ([]any, error) {
	var path []any
	if strings.ContainsAny(key, " \t\r\n") {
		return nil, badRequest("invalid key format: " + domain.Excerpt(key))
	}
	for i, name := range strings.Split(key, ".") {
		name, brackets, indexed := strings.Cut(name, "[")
		if name != "" || i > 0 {
			path = append(path, name)
		}
		for indexed {
			index, rest, closed := strings.Cut(brackets, "]")
			if !closed {
				return nil, badRequest("invalid key format: " + domain.Excerpt(key))
			}
			if index == "" {
				path = append(path, emptyList{})
			} else {
				number, err := strconv.Atoi(index)
				if err != nil || number < 0 || number > maxParts {
					return nil, badRequest(fmt.Sprintf("invalid literal for int() with base 10: '%s'", domain.Excerpt(index)))
				}
				path = append(path, number)
			}
			brackets, indexed = strings.CutPrefix(rest, "[")
			if !indexed && rest != "" {
				return nil, badRequest("invalid key format: " + domain.Excerpt(key))
			}
		}
	}
	if len(path) == 0 || len(path) > 10 {
		return nil, badRequest("invalid key format: " + domain.Excerpt(key))
	}
	return path, nil
}

type emptyList struct{}

// put stores value where path leads, making objects and lists on the way.
func put(object map[string]any, path []any, value any) error {
	name, ok := path[0].(string)
	if !ok {
		return badRequest("invalid key format")
	}
	child, err := grow(object[name], path[1:], value)
	object[name] = child
	return err
}

func grow(current any, path []any, value any) (any, error) {
	if len(path) == 0 {
		return value, nil
	}
	switch step := path[0].(type) {
	case emptyList:
		return []any{}, nil
	case int:
		list, _ := current.([]any)
		if step > len(list) {
			return nil, domain.InvalidField(domain.WholeObject, "List indexes must follow each other from 0.")
		}
		if step == len(list) {
			list = append(list, nil)
		}
		child, err := grow(list[step], path[1:], value)
		list[step] = child
		return list, err
	default:
		object, ok := current.(map[string]any)
		if !ok {
			object = map[string]any{}
		}
		if name, _ := step.(string); name == "" {
			return object, nil
		}
		return object, put(object, path, value)
	}
}
