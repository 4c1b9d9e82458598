// Package bootstrap puts the application together: it reads the environment,
// wires adapters to use cases with fx, and offers the commands.
package bootstrap
