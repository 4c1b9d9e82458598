// Package process runs our server as it is shipped: a program of its own.
package process

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "meet-process")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "meet")
	command := exec.Command("go", "build", "-o", path, "meet/cmd/meet")
	command.Env, command.Stderr = append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	return path, command.Run()
})

// Program is the path of the program, built once.
func Program(t testing.TB) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatalf("build the server: %v", err)
	}
	return path
}

// Remove deletes what was built; TestMain calls it.
func Remove() {
	if path, err := build(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
}

// Process is a server. It can be stopped and started again.
type Process struct {
	Address string // host:port, from LISTEN_ADDR
	env     []string
	t       testing.TB
	command *exec.Cmd
	log     *Log
}

// New prepares a server with the environment, which has a LISTEN_ADDR. What
// it logs is shown when the test fails.
func New(t testing.TB, env map[string]string) *Process {
	t.Helper()
	p := &Process{Address: env["LISTEN_ADDR"], t: t, log: &Log{}}
	for name, value := range env {
		p.env = append(p.env, name+"="+value)
	}
	t.Cleanup(func() {
		p.Kill()
		if t.Failed() {
			t.Logf("log of %s:\n%s", p.Address, p.log.tail())
		}
	})
	return p
}

// Log is what the server has written so far.
func (p *Process) Log() string { return p.log.String() }

// ID is the process id of the program that runs.
func (p *Process) ID() int { return p.command.Process.Pid }

// Launch starts the program without waiting.
func (p *Process) Launch() {
	p.t.Helper()
	p.command = exec.Command(Program(p.t), "serve")
	p.command.Dir, p.command.Env = p.t.TempDir(), p.env
	p.command.Stdout, p.command.Stderr = p.log, p.log
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.command.Start(); err != nil {
		p.t.Fatal(err)
	}
}

const patience = 20 * time.Second

// Start runs the program and waits until it answers.
func (p *Process) Start() {
	p.t.Helper()
	p.Launch()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for begun := time.Now(); time.Since(begun) < patience; <-ticker.C {
		if response, err := http.Get("http://" + p.Address + "/__lbheartbeat__"); err == nil {
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			return
		}
	}
	p.t.Fatalf("the server at %s does not answer", p.Address)
}

// Kill ends the program at once, as a crash would.
func (p *Process) Kill() {
	if p.command != nil {
		_ = p.command.Process.Kill()
		_ = p.command.Wait()
		p.command = nil
	}
}

// Stop asks the program to end and waits for it.
func (p *Process) Stop() {
	p.t.Helper()
	_ = p.command.Process.Signal(syscall.SIGTERM)
	if err := p.command.Wait(); err != nil {
		p.t.Errorf("the server at %s ended with %v", p.Address, err)
	}
	p.command = nil
}

// Wait is how the program ended by itself.
func (p *Process) Wait() error {
	err := p.command.Wait()
	p.command = nil
	return err
}

// Log collects what a program writes.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *Log) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(text)
}

// String is all that was written.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *Log) tail() string {
	lines := strings.Split(l.String(), "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}
