package httpapi

import (
	"encoding/json"
	"fmt"
	"strings"

	"meet/domain"
)

// typeName is the reference's word for the type of a JSON value.
func typeName(value any) string {
	switch v := value.(type) {
	case bool:
		return "bool"
	case string:
		return "str"
	case []any:
		return "list"
	case map[string]any:
		return "dict"
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return "float"
		}
		return "int"
	default:
		return "NoneType"
	}
}

// pythonText is a JSON value as the reference shows it inside a message.
func pythonText(value any) string {
	switch v := value.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case string:
		return v
	case []any:
		if len(v) == 0 {
			return "[]"
		}
		return "[…]"
	case map[string]any:
		if len(v) == 0 {
			return "{}"
		}
		return "{…}"
	default:
		return fmt.Sprint(v)
	}
}

// textLeaves keeps objects and lists and turns everything in them to
// text, as short as an answer repeats it.
func textLeaves(value any) any {
	switch v := value.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = textLeaves(item)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, item := range v {
			object[domain.Excerpt(key)] = textLeaves(item)
		}
		return object
	default:
		return domain.Excerpt(pythonText(v))
	}
}
