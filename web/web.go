// Package web embeds the built web client.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files is what "npm run build" left in dist; without a build it is empty.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil { // cannot happen: "dist" is a valid path
		return dist
	}
	return files
}
