package deploy

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// built is the server's binary, made once.
var built struct {
	sync.Once
	path, said string
	err        error
}

// meet is the path of the server.
func meet(t *testing.T) string {
	t.Helper()
	built.Do(func() {
		folder, err := os.MkdirTemp("", "meet-deploy")
		if err != nil {
			built.err = err
			return
		}
		built.path = filepath.Join(folder, "meet")
		build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", built.path, "./cmd/meet")
		build.Dir = "../.."
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		said, err := build.CombinedOutput()
		built.said, built.err = string(said), err
	})
	if built.err != nil {
		t.Fatalf("%v: %s", built.err, built.said)
	}
	return built.path
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.path != "" {
		_ = os.RemoveAll(filepath.Dir(built.path))
	}
	os.Exit(code)
}

// configured asks the server what it thinks of an environment.
func configured(t *testing.T, env map[string]string) string {
	t.Helper()
	ask := exec.CommandContext(t.Context(), meet(t), "config")
	ask.Dir = t.TempDir()
	for name, value := range env {
		ask.Env = append(ask.Env, name+"="+value)
	}
	said, err := ask.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, said)
	}
	return string(said)
}

func TestTheServerUnderstandsTheVariablesItIsGiven(t *testing.T) {
	objects, _ := render(t, full(t))
	chart := map[string]string{}
	for _, variable := range deployed(t, objects) {
		chart[variable.Name] = variable.Value
		if variable.ValueFrom != nil {
			chart[variable.Name] = "a-long-random-text-from-elsewhere-0123456789"
		}
	}
	for where, env := range map[string]map[string]string{"compose": environment(project(t).Services["meet"]), "chart": chart} {
		for line := range strings.Lines(configured(t, env)) {
			published := where == "compose" && strings.Contains(line, "stands in published examples") // for one machine alone
			if (strings.HasPrefix(line, "mistake:") || strings.HasPrefix(line, "warning:")) && !published {
				t.Errorf("%s: %s", where, line)
			}
		}
	}
}

func TestTheSameCommitGivesTheSameArchives(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	for _, out := range []string{first, second} {
		build := exec.CommandContext(t.Context(), "../../deploy/dist.sh", out)
		build.Env = append(os.Environ(), "VERSION=1.2.3", "COMMIT=abc", "SOURCE_DATE_EPOCH=1700000000", "EDITIONS=meet", "ARCHES=amd64")
		if said, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
	}
	sums := read(t, filepath.Join(first, "SHA256SUMS"))
	if other := read(t, filepath.Join(second, "SHA256SUMS")); sums != other || strings.Count(sums, "\n") != 1 {
		t.Errorf("%s\n%s", sums, other)
	}
	content := untar(t, filepath.Join(first, "meet-1.2.3-linux-amd64.tar.gz"))
	for _, name := range []string{"meet", "completions/meet.bash", "completions/meet.zsh", "completions/meet.fish", "man/meet.8", "man/meet-serve.8", "LICENSE", "meet.service"} {
		if len(content["meet-1.2.3-linux-amd64/"+name]) == 0 {
			t.Errorf("no %s", name)
		}
	}
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	binary := content["meet-1.2.3-linux-amd64/meet"]
	if bytes.Contains(binary, []byte(filepath.Dir(filepath.Dir(folder)))) || !bytes.Contains(binary, []byte("1.2.3")) {
		t.Error("the binary knows where it was built, or not what it is")
	}
}

// untar reads an archive whose entries must belong to nobody.
func untar(t *testing.T, name string) map[string][]byte {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	content, names := map[string][]byte{}, []string{}
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.Uid != 0 || header.Gid != 0 || header.ModTime.Unix() != 1700000000 {
			t.Errorf("%s belongs to %d:%d, of %v", header.Name, header.Uid, header.Gid, header.ModTime)
		}
		names = append(names, header.Name)
		if content[header.Name], err = io.ReadAll(archive); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("not in order: %v", names)
	}
	return content
}
