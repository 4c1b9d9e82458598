// Package demoidp is an OpenID provider for trying things out: three made-up
// people, no passwords. It listens on loopback only.
package demoidp
