package httpapi_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"meet/adapters/httpapi"
)

// TestTheDocumentIsValid reads it as strictly as tools do that generate
// clients, examples included.
func TestTheDocumentIsValid(t *testing.T) {
	t.Parallel()
	document, err := openapi3.NewLoader().LoadFromData(httpapi.Document)
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(t.Context(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaFormatValidation(), openapi3.EnableSchemaDefaultsValidation()); err != nil {
		t.Error(err)
	}
	var tree any
	if err := json.Unmarshal(httpapi.Document, &tree); err != nil {
		t.Fatal(err)
	}
	nullable(t, "", tree)
}

// nullable fails where "nullable" stands without the "type" it belongs to
// (OpenAPI 3.0.3, Schema Object).
func nullable(t *testing.T, at string, node any) {
	t.Helper()
	switch v := node.(type) {
	case map[string]any:
		if _, typed := v["type"]; v["nullable"] == true && !typed {
			t.Errorf("%s is nullable and has no type", at)
		}
		for name, child := range v {
			nullable(t, at+"/"+name, child)
		}
	case []any:
		for i, child := range v {
			nullable(t, fmt.Sprint(at, "/", i), child)
		}
	}
}

func TestEveryOperationHasExamples(t *testing.T) {
	t.Parallel()
	document, err := openapi3.NewLoader().LoadFromData(httpapi.Document)
	if err != nil {
		t.Fatal(err)
	}
	for path, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			contents := map[string]openapi3.Content{}
			if operation.RequestBody != nil {
				contents["request"] = operation.RequestBody.Value.Content
			}
			for status, response := range operation.Responses.Map() {
				if strings.HasPrefix(status, "2") && method != "OPTIONS" {
					contents[status] = response.Value.Content
				}
			}
			for what, content := range contents {
				if media := content["application/json"]; media != nil && media.Example == nil && len(media.Examples) == 0 {
					t.Errorf("%s %s, %s: no example", method, path, what)
				}
			}
		}
	}
}
