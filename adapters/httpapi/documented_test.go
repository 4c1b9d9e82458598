package httpapi_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"meet/adapters/httpapi"
)

var documentRouter = sync.OnceValues(func() (routers.Router, error) {
	document, err := openapi3.NewLoader().LoadFromData(httpapi.Document)
	if err != nil {
		return nil, err
	}
	document.Servers = nil
	return gorillamux.NewRouter(document)
})

// checkDocumented holds every answer of the tests against the OpenAPI document.
func checkDocumented(t testing.TB, request *http.Request, body string, a answer) {
	t.Helper()
	if !strings.HasPrefix(request.URL.Path, api+"/") || request.Method == http.MethodHead ||
		request.Header.Get("Access-Control-Request-Method") != "" || a.status == http.StatusMovedPermanently {
		return
	}
	router, err := documentRouter()
	if err != nil {
		t.Fatal(err)
	}
	request = request.Clone(request.Context())
	request.URL.Host, request.URL.Scheme, request.Host = "", "", ""
	request.Body = io.NopCloser(strings.NewReader(body))
	route, parameters, err := router.FindRoute(request)
	if err != nil { // no such address or method: the answer must say so
		if a.status < 400 || a.status == 500 {
			t.Errorf("%s %s answered %d and is not in the document", request.Method, request.URL.Path, a.status)
		}
		return
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, PathParams: parameters, Route: route},
		Status:                 a.status, Header: a.raw.Header, Body: io.NopCloser(bytes.NewReader([]byte(a.body))),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	if err := openapi3filter.ValidateResponse(t.Context(), input); err != nil {
		t.Errorf("%s %s answered %d %s\nagainst the document: %v", request.Method, request.URL.Path, a.status, a.body, err)
	}
}
