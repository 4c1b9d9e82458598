// Package architecture tests that the code keeps its own rules.
package architecture

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// may lists what each layer may import of our own code.
var may = map[string][]string{
	"domain":      {},
	"ports":       {"domain"},
	"application": {"domain", "ports"},
	"adapters":    {"domain", "ports", "application", "migrations"},
	"migrations":  {},
	"web":         {},
	"bootstrap":   {"domain", "ports", "application", "adapters", "migrations", "bootstrap", "web"},
	"cmd":         {"bootstrap"},
}

// inner layers do no I/O and know no wire format.
var forbiddenInside = []string{"net/http", "database/sql", "os", "log/slog", "encoding/json", "log", "math/rand", "crypto/rand"}

// allowedLibraries of the inner layers.
var allowedLibraries = []string{"github.com/google/uuid", "golang.org/x/text/unicode/norm"}

const maxLines = 250

type file struct {
	path    string // relative to the module
	layer   string
	folder  string
	lines   int
	name    string // of the package
	imports []string
}

func files(t *testing.T) []file {
	t.Helper()
	var all []file
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".") && entry.Name() != "..") {
			if err == nil && entry.Name() != "../.." {
				return filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/mock/") {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, content, parser.ImportsOnly)
		if err != nil {
			return err
		}
		relative, _ := filepath.Rel("../..", path)
		f := file{path: relative, layer: strings.Split(relative, "/")[0], folder: filepath.Dir(relative), lines: strings.Count(string(content), "\n"), name: parsed.Name.Name}
		for _, spec := range parsed.Imports {
			f.imports = append(f.imports, strings.Trim(spec.Path.Value, `"`))
		}
		all = append(all, f)
		return nil
	})
	if err != nil || len(all) < 50 {
		t.Fatalf("%d files, error %v", len(all), err)
	}
	return all
}

func TestImportsPointInwards(t *testing.T) {
	t.Parallel()
	for _, f := range files(t) {
		allowed, layered := may[f.layer]
		if !layered {
			continue
		}
		for _, imported := range f.imports {
			own, ours := strings.CutPrefix(imported, "meet/")
			if !ours {
				continue
			}
			layer := strings.Split(own, "/")[0]
			if layer != f.layer && !slices.Contains(allowed, layer) {
				t.Errorf("%s imports %s", f.path, imported)
			}
			if f.layer == "adapters" && layer == "adapters" && own != f.folder {
				t.Errorf("%s imports another adapter, %s", f.path, imported)
			}
			if f.layer == "application" && layer == "application" && own != f.folder {
				t.Errorf("%s imports another capability, %s", f.path, imported)
			}
			if f.layer == "adapters" && layer == "application" && !strings.HasPrefix(f.folder, "adapters/httpapi") {
				t.Errorf("%s imports %s: only the HTTP adapter calls use cases", f.path, imported)
			}
		}
	}
}

func TestInnerLayersAreSelfContained(t *testing.T) {
	t.Parallel()
	for _, f := range files(t) {
		inner := f.layer == "domain" || f.layer == "ports" || f.layer == "application"
		for _, imported := range f.imports {
			library := strings.Contains(strings.Split(imported, "/")[0], ".")
			if inner && (slices.Contains(forbiddenInside, imported) || library && !slices.Contains(allowedLibraries, imported)) {
				t.Errorf("%s imports %s", f.path, imported)
			}
			if strings.HasPrefix(imported, "go.uber.org/fx") && f.layer != "bootstrap" && f.layer != "test" {
				t.Errorf("%s imports fx: wiring belongs to bootstrap", f.path)
			}
		}
	}
}

func TestFilesAreShortAndPackagesAreNamed(t *testing.T) {
	t.Parallel()
	for _, f := range files(t) {
		if f.lines > maxLines {
			t.Errorf("%s has %d lines, more than %d", f.path, f.lines, maxLines)
		}
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "types", "misc"}, f.name) {
			t.Errorf("%s: package %s says nothing", f.path, f.name)
		}
	}
}
