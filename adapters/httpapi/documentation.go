package httpapi

import (
	_ "embed"
	"io/fs"
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/mvrilo/go-redoc"
	swagger "github.com/swaggo/files/v2"
)

// Document is the OpenAPI 3 description of the API.
//
//go:embed openapi.json
var Document []byte

// documentation is the OpenAPI document and the two pages that show it.
func (s *Server) documentation() []endpoint {
	assets := http.FileServerFS(swagger.FS)
	return []endpoint{
		{path: "/swagger.json", who: anyone, methods: methods{get: func(c echo.Context) error {
			c.Response().Header().Set("Content-Disposition", `inline; filename="Meet API (v1.0).json"`)
			return c.Blob(http.StatusOK, "application/vnd.oai.openapi+json", Document)
		}}, noSuffix: true},
		{path: "/swagger/", who: browserNavigate, methods: methods{get: func(c echo.Context) error {
			return c.HTML(http.StatusOK, swaggerPage)
		}}, noSuffix: true},
		{path: "/swagger/start.js", who: browserNavigate, methods: methods{get: func(c echo.Context) error {
			return c.Blob(http.StatusOK, "text/javascript; charset=utf-8", []byte(swaggerStart))
		}}, noSuffix: true},
		{path: "/swagger/:asset", who: browserNavigate, methods: methods{get: func(c echo.Context) error {
			if _, err := fs.Stat(swagger.FS, c.Param("asset")); err != nil {
				return errNoRoute
			}
			c.Request().URL.Path = "/" + c.Param("asset")
			assets.ServeHTTP(c.Response(), c.Request())
			return nil
		}}, noSuffix: true},
		{path: "/redoc/", who: browserNavigate, methods: methods{get: func(c echo.Context) error {
			return c.HTML(http.StatusOK, redocPage)
		}}, noSuffix: true},
		{path: "/redoc/redoc.js", who: browserNavigate, methods: methods{get: func(c echo.Context) error {
			return c.Blob(http.StatusOK, "text/javascript; charset=utf-8", []byte(redoc.JavaScript))
		}}, noSuffix: true},
	}
}

const (
	swaggerPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Meet API</title>` +
		`<link rel="stylesheet" href="swagger-ui.css"></head><body><div id="swagger-ui"></div>` +
		`<script src="swagger-ui-bundle.js"></script><script src="start.js"></script></body></html>`
	swaggerStart = `SwaggerUIBundle({url: "../swagger.json", dom_id: "#swagger-ui"});`
	redocPage    = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Meet API</title></head>` +
		`<body><redoc spec-url="../swagger.json"></redoc><script src="redoc.js"></script></body></html>`
)
