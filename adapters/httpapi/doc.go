// Package httpapi is the HTTP face of the service: La Suite Meet's API, the
// browser's way through sign-in, health checks and the web client.
//
// routes.go is the map of everything; endpoint.go is what happens to every
// request before its handler; errors.go is the only place that knows which
// status a failure has.
package httpapi
