// Package deploy tests what deploy/ holds with the parsers of the tools that
// will read it. It is a module of its own: those are big, and the server
// needs none of them.
package deploy
