package hostile

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"meet/test/process"
)

const chunk = "assets/models-0a1b2c3d.js"

// built is a folder with a frontend, of which one file is large.
func built(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	words := rand.New(rand.NewPCG(1, 2))
	var large bytes.Buffer
	for large.Len() < 24<<20 {
		fmt.Fprintf(&large, "const v%d = %d;\n", words.IntN(1<<30), words.IntN(1000))
	}
	for name, content := range map[string][]byte{
		"index.html": []byte("<!doctype html><title>app</title>"), chunk: large.Bytes(), ".env": []byte("SECRET=1"), "sub/.git/config": []byte("x"),
		"assets/zipped-0a1b2c3d.css": []byte(strings.Repeat("plain ", 1000)), "assets/zipped-0a1b2c3d.css.gz": []byte("made by the build"),
		"assets/zipped-0a1b2c3d.css.br": []byte("made smaller by the build"),
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func fetch(t *testing.T, server *process.Process, method, path string, header map[string]string) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "http://"+server.Address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	client := http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableCompression: true}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(body)}
}

func TestAFrontendsFolderHidesWhatIsOutsideAndWhatIsNoFile(t *testing.T) {
	dir, outside := built(t), t.TempDir()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.WriteFile(filepath.Join(outside, "secret.txt"), []byte("root:x:0"), 0o600))
	must(os.Symlink("/etc/passwd", filepath.Join(dir, "passwd")))
	must(os.Symlink("/etc/passwd", filepath.Join(dir, "assets", "passwd.txt")))
	must(os.Symlink(outside, filepath.Join(dir, "out")))
	must(os.Symlink("../../../../../../../../etc/passwd", filepath.Join(dir, "up.txt")))
	must(os.Symlink(filepath.Join("assets", "zipped-0a1b2c3d.css"), filepath.Join(dir, "inside.css")))
	must(os.Symlink("/etc/passwd", filepath.Join(dir, "index.html.gz")))
	must(syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600))
	must(syscall.Mkfifo(filepath.Join(dir, "pipe.js"), 0o600))
	server := start(t, map[string]string{"FRONTEND_DIR": dir})
	for _, path := range []string{
		"/passwd", "/out/secret.txt", "/out", "/up.txt", "/pipe", "/pipe.js", "/.env", "/sub/.git/config", "/sub", "/assets", "/assets/", "/../../etc/passwd",
		"/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2f..%2fetc/passwd", "/assets%00", "/index.html/",
	} {
		if got := fetch(t, server, http.MethodGet, path, map[string]string{"Accept-Encoding": "gzip"}); got.status != 400 && !strings.Contains(got.body, "<title>app") {
			t.Errorf("%s: %d %.100s", path, got.status, got.body)
		}
	}
	if got := fetch(t, server, http.MethodGet, "/assets/passwd.txt", nil); got.status != http.StatusNotFound {
		t.Errorf("a link among the assets: %d %.100s", got.status, got.body)
	}
	if got := fetch(t, server, http.MethodGet, "/sdk/..%2fapp", nil); got.header.Get("X-Frame-Options") != "DENY" {
		t.Errorf("a way round: %v", got.header)
	}
	if got := fetch(t, server, http.MethodGet, "/inside.css", nil); got.status != http.StatusOK || !strings.HasPrefix(got.body, "plain") {
		t.Errorf("a link inside: %d %.100s", got.status, got.body)
	}
}

// TestALargeFileIsCompressedOnceAndNeedsNoMemory asks for one of 24 MB many
// times at once.
func TestALargeFileIsCompressedOnceAndNeedsNoMemory(t *testing.T) {
	server := start(t, map[string]string{"FRONTEND_DIR": built(t)})
	zipped := map[string]string{"Accept-Encoding": "gzip"}
	first := fetch(t, server, http.MethodGet, "/"+chunk, zipped)
	reader, err := gzip.NewReader(strings.NewReader(first.body))
	if err != nil || first.header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("%v, %v", err, first.header)
	}
	plain, err := io.ReadAll(reader)
	if err != nil || len(plain) < 24<<20 {
		t.Fatalf("%d bytes, %v", len(plain), err)
	}
	forgetPeak(t, server)
	before, _ := memory(t, server)
	begun := time.Now()
	var all sync.WaitGroup
	for i := range 24 {
		all.Go(func() {
			header := zipped
			if i%4 == 0 {
				header = nil
			}
			if got := fetch(t, server, http.MethodGet, "/"+chunk, header); got.status != http.StatusOK {
				t.Errorf("got %d", got.status)
			}
		})
	}
	all.Wait()
	_, peak := memory(t, server)
	t.Logf("24 answers in %v; %d MiB, then %d", time.Since(begun), before, peak)
	if peak-before > 16 {
		t.Errorf("took %d MiB", peak-before)
	}
	tag := first.header.Get("ETag")
	for what, c := range map[string]struct {
		method string
		header map[string]string
		status int
		length int
	}{
		"known":         {http.MethodGet, map[string]string{"Accept-Encoding": "gzip", "If-None-Match": tag}, 304, 0},
		"known, weakly": {http.MethodGet, map[string]string{"Accept-Encoding": "gzip", "If-None-Match": `"x", W/` + tag}, 304, 0},
		"head":          {http.MethodHead, zipped, 200, 0},
		"a part":        {http.MethodGet, map[string]string{"Range": "bytes=100-199", "Accept-Encoding": "gzip"}, 206, 100},
		"beyond":        {http.MethodGet, map[string]string{"Range": "bytes=99999999-"}, 416, -1},
	} {
		got := fetch(t, server, c.method, "/"+chunk, c.header)
		if got.status != c.status || c.length >= 0 && len(got.body) != c.length {
			t.Errorf("%s: %d, %d bytes", what, got.status, len(got.body))
		}
		if c.status == http.StatusPartialContent && (got.body != string(plain[100:200]) || got.header.Get("Content-Encoding") != "") {
			t.Errorf("%s: %v %s", what, got.header, got.body)
		}
	}
	if got := fetch(t, server, http.MethodHead, "/"+chunk, zipped); got.header.Get("Content-Length") != fmt.Sprint(len(first.body)) || got.header.Get("ETag") != tag {
		t.Errorf("head: %v", got.header)
	}
	if got := fetch(t, server, http.MethodGet, "/"+chunk, map[string]string{"Accept-Encoding": "gzip;q=0, br"}); got.header.Get("Content-Encoding") != "" || got.header.Get("ETag") == tag {
		t.Errorf("without gzip: %v", got.header)
	}
	for accept, want := range map[string]string{"gzip": "made by the build", "gzip, br": "made smaller by the build", "identity": strings.Repeat("plain ", 1000)} {
		got := fetch(t, server, http.MethodGet, "/assets/zipped-0a1b2c3d.css", map[string]string{"Accept-Encoding": accept})
		if got.body != want || got.header.Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(strings.Join(got.header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%s: %.40s %v", accept, got.body, got.header)
		}
	}
}
