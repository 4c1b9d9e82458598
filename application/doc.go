// Package application holds the use cases, a package for each capability and
// a file for each verb. A use case asks the domain and orders the ports.
package application
