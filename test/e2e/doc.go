// Package e2e tests the whole application from outside: the real wiring, over
// HTTP and in a browser, with a real media server, identity provider and
// database.
package e2e
