package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Pooler is a PgBouncer in front of a database, which hands each transaction
// to any of few connections.
type Pooler struct {
	URL string // of the database, through the pooler
	log string
}

// NewPooler runs one in front of the database of the address until the test
// ends. Settings ("default_pool_size = 2") are added to its own.
func NewPooler(t testing.TB, address string, options ...string) *Pooler {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer"
	}
	if _, err := os.Stat(program); err != nil {
		t.Fatal("PgBouncer is missing. Install it: sudo apt-get install -y pgbouncer")
	}
	dir, err := os.MkdirTemp("", "meet-pgbouncer") // user postgres cannot enter t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	listen := free(t)
	host, port, _ := net.SplitHostPort(listen)
	settings := append([]string{"[databases]", fmt.Sprintf("* = host=%s port=%s user=%s", target.Hostname(), target.Port(), target.User.Username()),
		"[pgbouncer]", "listen_addr = " + host, "listen_port = " + port, "auth_type = any", "unix_socket_dir =",
		"pool_mode = transaction"}, options...)
	file := filepath.Join(dir, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(strings.Join(settings, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	line := []string{program, file}
	if os.Getuid() == 0 { // it refuses to run as root
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		line = append([]string{"runuser", "-u", "postgres", "--"}, line...)
	}
	command := exec.CommandContext(context.WithoutCancel(t.Context()), line[0], line[1:]...)
	output, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	command.Stdout, command.Stderr = output, output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait()
		_ = output.Close()
		_ = os.RemoveAll(dir)
	})
	target.Host = listen
	pooler := &Pooler{URL: target.String(), log: output.Name()}
	pooler.await(t)
	return pooler
}

// await waits until it lets us in.
func (p *Pooler) await(t testing.TB) {
	t.Helper()
	db, err := sql.Open("postgres", p.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for range 1000 {
		if _, err = db.ExecContext(t.Context(), ";"); err == nil {
			return
		}
		<-ticker.C
	}
	log, _ := os.ReadFile(p.log)
	t.Fatalf("PgBouncer does not answer: %v\n%s", err, log)
}

// free is a loopback address nobody listens on.
func free(t testing.TB) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}
