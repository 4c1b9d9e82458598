package httpapi

import "testing"

func TestMediaTypesOfABuiltFrontend(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"index.html": "text/html; charset=utf-8", "a.js": "text/javascript; charset=utf-8", "a.mjs": "text/javascript; charset=utf-8", "a.css": "text/css; charset=utf-8",
		"a.js.map": "application/json", "site.webmanifest": "application/manifest+json", "manifest.json": "application/json", "a.wasm": "application/wasm",
		"a.woff": "font/woff", "a.woff2": "font/woff2", "a.ttf": "font/ttf", "a.otf": "font/otf", "a.svg": "image/svg+xml", "favicon.ico": "image/x-icon",
		"a.webp": "image/webp", "a.avif": "image/avif", "a.png": "image/png", "A.PNG": "image/png", "a.jpg": "image/jpeg", "a.jpeg": "image/jpeg", "a.gif": "image/gif",
		"a.mp3": "audio/mpeg", "a.wav": "audio/wav", "a.ogg": "audio/ogg", "a.m4a": "audio/mp4", "a.mp4": "video/mp4", "a.webm": "video/webm",
		"a.tflite": "application/octet-stream", "a.onnx": "application/octet-stream", "a.binarypb": "application/octet-stream", "a.task": "application/octet-stream",
		"robots.txt": "text/plain; charset=utf-8", "a.ftl": "text/plain; charset=utf-8", "sitemap.xml": "text/xml; charset=utf-8", "a.pdf": "application/pdf",
		"a.vtt": "text/vtt; charset=utf-8", "a.unknown": "application/octet-stream", "LICENSE": "application/octet-stream",
	} {
		if got, _ := mediaType(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}
