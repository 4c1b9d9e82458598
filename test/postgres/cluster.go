package postgres

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Cluster is a PostgreSQL of a test's own, which can fail.
type Cluster struct {
	URL     string // of its database "postgres"
	Address string // host:port
	t       testing.TB
	dir     string
	bin     string
}

// NewCluster runs a PostgreSQL with the settings ("name = value") until the
// test ends. Unlike the shared one it writes to disk before it answers.
func NewCluster(t testing.TB, options ...string) *Cluster {
	t.Helper()
	address := free(t)
	dir, err := os.MkdirTemp("", "meet-postgres") // user postgres cannot enter t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	c := &Cluster{t: t, dir: dir, bin: binaries(t), Address: address}
	c.own()
	if err := c.run("initdb", "-D", c.data(), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"); err != nil {
		t.Fatal(err)
	}
	c.configure(options...)
	c.Start()
	return c
}

// own ends the server and removes its folder with the test; user postgres may
// write there.
func (c *Cluster) own() {
	c.t.Helper()
	c.URL = "postgres://postgres@" + c.Address + "/postgres?sslmode=disable"
	c.t.Cleanup(func() {
		_ = c.run("pg_ctl", "-D", c.data(), "-m", "immediate", "stop")
		_ = os.RemoveAll(c.dir)
	})
	if os.Getuid() == 0 {
		if err := exec.Command("chown", "postgres", c.dir).Run(); err != nil {
			c.t.Fatalf("there is no user postgres: sudo apt-get install -y postgresql: %v", err)
		}
	}
}

// configure appends settings to the server's file.
func (c *Cluster) configure(options ...string) {
	c.t.Helper()
	_, port, _ := net.SplitHostPort(c.Address)
	settings := append([]string{"listen_addresses = '127.0.0.1'", "port = " + port, "unix_socket_directories = '" + c.dir + "'"}, options...)
	file, err := os.OpenFile(filepath.Join(c.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if _, err := file.WriteString(strings.Join(settings, "\n") + "\n"); err != nil {
		c.t.Fatal(err)
	}
}

func binaries(t testing.TB) string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		path, err := exec.LookPath("initdb")
		if err != nil {
			t.Fatal("PostgreSQL is missing. Install it: sudo apt-get install -y postgresql")
		}
		return filepath.Dir(path)
	}
	return filepath.Dir(found[len(found)-1])
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// run runs a program of PostgreSQL as a user who may.
func (c *Cluster) run(program string, args ...string) error {
	line := append([]string{filepath.Join(c.bin, program)}, args...)
	if os.Getuid() == 0 {
		line = append([]string{"runuser", "-u", "postgres", "--"}, line...)
	}
	command := exec.Command(line[0], line[1:]...)
	command.Dir = "/"
	return command.Run()
}

// Start runs the server and waits until it answers.
func (c *Cluster) Start() {
	c.t.Helper()
	if err := c.run("pg_ctl", "-D", c.data(), "-l", filepath.Join(c.dir, "log"), "-w", "start"); err != nil {
		log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
		c.t.Fatalf("start PostgreSQL: %v\n%s", err, log)
	}
}

// Crash ends the server at once.
func (c *Cluster) Crash() {
	c.t.Helper()
	if err := c.run("pg_ctl", "-D", c.data(), "-m", "immediate", "stop"); err != nil {
		c.t.Fatal(err)
	}
}
