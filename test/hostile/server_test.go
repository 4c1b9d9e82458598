// Package hostile is what strangers try against the server as it is shipped.
package hostile

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"meet/test/process"
)

func TestMain(m *testing.M) {
	code := m.Run()
	process.Remove()
	os.Exit(code)
}

const api = "/api/v1.0"

// start runs a server on SQLite.
func start(t testing.TB, changes map[string]string) *process.Process {
	t.Helper()
	address := process.Free(t)
	env := process.Environment(t, "", address)
	delete(env, "DATABASE_URL") // SQLite in the data folder
	env["LISTEN_ADDR"] = address
	env["CREATION_CALLBACK_THROTTLE_RATES"] = "1000000/second"
	maps.Copy(env, changes)
	server := process.New(t, env)
	server.Start()
	return server
}

// reply is an answer, read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

// raw sends bytes as they are and reads one answer.
func raw(server *process.Process, request []byte) (reply, error) {
	conn, err := net.DialTimeout("tcp", server.Address, 10*time.Second)
	if err != nil {
		return reply{}, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		return reply{}, err
	}
	go func() { _, _ = conn.Write(request) }() // the server may refuse before it has read everything
	return readReply(conn)
}

func readReply(conn net.Conn) (reply, error) {
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, string(body)}, err
}

// posted is a POST request as it goes over the wire.
func posted(path, kind, body string, header ...string) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "POST %s%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n", api, path, kind, len(body))
	for _, line := range header {
		out.WriteString(line + "\r\n")
	}
	out.WriteString("\r\n" + body)
	return out.Bytes()
}

// memory is what the process takes now and has taken at most, in MiB of
// resident memory (proc(5)).
func memory(t testing.TB, server *process.Process) (now, peak int) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", server.ID()))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		kilobytes, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
		switch name {
		case "VmRSS":
			now = kilobytes >> 10
		case "VmHWM":
			peak = kilobytes >> 10
		}
	}
	return now, peak
}

// forgetPeak lets the peak begin anew.
func forgetPeak(t testing.TB, server *process.Process) {
	t.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", server.ID()), []byte("5"), 0); err != nil {
		t.Fatal(err)
	}
}
