package httpapi

import (
	"path"
	"strings"
)

const (
	binaryType = "application/octet-stream"
	utf8Text   = "; charset=utf-8"
)

// mediaType is what a frontend's file is, by its name, and whether its content
// shrinks. It does not depend on the tables of the machine.
func mediaType(name string) (kind string, shrinks bool) {
	switch strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")) {
	case "html", "htm":
		return "text/html" + utf8Text, true
	case "js", "mjs", "cjs":
		return "text/javascript" + utf8Text, true
	case "css":
		return "text/css" + utf8Text, true
	case "json", "map":
		return "application/json", true
	case "webmanifest":
		return "application/manifest+json", true
	case "xml", "xsl":
		return "text/xml" + utf8Text, true
	case "txt", "ftl", "md", "toml", "yaml", "yml":
		return "text/plain" + utf8Text, true
	case "csv":
		return "text/csv" + utf8Text, true
	case "vtt":
		return "text/vtt" + utf8Text, true
	case "svg":
		return "image/svg+xml", true
	case "wasm":
		return "application/wasm", true
	case "ttf":
		return "font/ttf", true
	case "otf":
		return "font/otf", true
	case "eot":
		return "application/vnd.ms-fontobject", true
	case "ico":
		return "image/x-icon", true
	case "bmp":
		return "image/bmp", true
	case "wav":
		return "audio/wav", true
	case "pdf":
		return "application/pdf", true
	case "tflite", "onnx", "binarypb", "data", "bin", "task", "glb":
		return binaryType, true
	}
	return denseType(name), false
}

// denseType is mediaType for contents that are compressed already.
func denseType(name string) string {
	switch strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")) {
	case "png", "apng", "gif", "webp", "avif", "jpeg":
		return "image/" + strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	case "jpg":
		return "image/jpeg"
	case "woff", "woff2":
		return "font/" + strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	case "mp3":
		return "audio/mpeg"
	case "m4a":
		return "audio/mp4"
	case "aac":
		return "audio/aac"
	case "flac":
		return "audio/flac"
	case "oga", "ogg", "opus":
		return "audio/ogg"
	case "mp4", "m4v":
		return "video/mp4"
	case "webm":
		return "video/webm"
	case "zip":
		return "application/zip"
	case "gz":
		return "application/gzip"
	}
	return binaryType
}
