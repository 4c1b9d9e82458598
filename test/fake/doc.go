// Package fake holds stand-ins for the world outside, for tests of the
// application and of its HTTP face. They keep the promises of package ports.
package fake
