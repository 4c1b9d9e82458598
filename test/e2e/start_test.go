package e2e

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meet/bootstrap"
	"meet/test/process"
)

// taken listens at a free address until the test ends.
func taken(t *testing.T, network string) (address, port string) {
	t.Helper()
	if network == "udp" {
		connection, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = connection.Close() })
		address = connection.LocalAddr().String()
	} else {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		address = listener.Addr().String()
	}
	_, port, _ = net.SplitHostPort(address)
	return address, port
}

// TestAFailedStartIsOneSentence starts both programs in ways that cannot work.
func TestAFailedStartIsOneSentence(t *testing.T) {
	t.Parallel()
	standalone, err := program()
	if err != nil {
		t.Fatal(err)
	}
	tcp, tcpPort := taken(t, "tcp")
	_, udpPort := taken(t, "udp")
	type vars = map[string]string
	for _, c := range []struct {
		setting string
		env     vars
	}{
		{"SFU_UDP_PORT", vars{"SFU_UDP_PORT": udpPort}},
		{"SFU_UDP_PORT", vars{"SFU_UDP_PORT": "many"}},
		{"SFU_TCP_PORT", vars{"SFU_TCP_PORT": tcpPort, "SFU_NODE_IP": "192.0.2.1"}},
		{"SFU_TCP_PORT", vars{"SFU_TCP_PORT": "70000"}},
		{"SFU_ADDR", vars{"SFU_ADDR": tcp}},
		{"SFU_ADDR", vars{"SFU_ADDR": "nowhere"}},
		{"SFU_NODE_IP", vars{"SFU_NODE_IP": "nonsense"}},
		{"SFU_REDIS_ADDRESS", vars{"SFU_REDIS_ADDRESS": "127.0.0.1:1"}},
		{"LISTEN_ADDR", vars{"LISTEN_ADDR": tcp}},
		{"LISTEN_ADDR", vars{"LISTEN_ADDR": "nowhere.invalid:80"}},
		{"METRICS_ADDR", vars{"METRICS_ADDR": tcp}},
		{"DEMO_OIDC_ADDR", vars{"DEMO_OIDC_ADDR": tcp}},
		{"DEMO_OIDC_ADDR", vars{"DEMO_OIDC_ADDR": "0.0.0.0:" + udpPort}},
		{"DATABASE_URL", vars{"DATABASE_URL": "postgres://u:hidden-p@127.0.0.1/n?sslmode=sometimes"}},
		{"DATABASE_URL", vars{"DATABASE_URL": "postgres://u:hidden-p@127.0.0.1:1/n"}},
		{"DB_HOST", vars{"DB_HOST": "127.0.0.1", "DB_PORT": "1", "DB_PASSWORD": "hidden-p"}},
		{"DATABASE_URL", vars{"DATABASE_URL": "sqlite:///proc/nothing/meet.db"}},
		{"DJANGO_DATA_DIR", vars{"DJANGO_DATA_DIR": "/proc/nothing"}},
	} {
		t.Run(c.setting, func(t *testing.T) {
			t.Parallel()
			address, port, _ := net.SplitHostPort(free(t, "udp"))
			env := vars{"DJANGO_DATA_DIR": filepath.Join(t.TempDir(), "data"), "LISTEN_ADDR": free(t, "tcp"), "SFU_ADDR": free(t, "tcp"), "SFU_UDP_PORT": port,
				"SFU_NODE_IP": address, "DEMO_OIDC_ADDR": free(t, "tcp")}
			sentence(t, standalone, env, c.env, c.setting)
			switch c.setting[:3] {
			case "SFU", "DEM", "DJA":
				return
			}
			env = process.Environment(t, "sqlite::memory:", env["LISTEN_ADDR"])
			if env["LISTEN_ADDR"] = free(t, "tcp"); c.env["DB_HOST"] != "" {
				delete(env, "DATABASE_URL")
			}
			sentence(t, process.Program(t), env, c.env, c.setting)
		})
	}
}

// sentence starts the program and wants one line that names the setting.
func sentence(t *testing.T, program string, env, changes map[string]string, setting string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, program, "serve")
	command.Dir, command.Env = t.TempDir(), []string{"PATH=" + os.Getenv("PATH")}
	for _, list := range []map[string]string{env, changes} {
		for name, value := range list {
			command.Env = append(command.Env, name+"="+value)
		}
	}
	output, err := command.CombinedOutput()
	if err == nil || ctx.Err() != nil {
		t.Fatalf("it started, error %v:\n%s", err, output)
	}
	_, told, _ := strings.Cut(string(output), "Error: ")
	if _, mistake, found := strings.Cut(string(output), "configuration: "); found { // known before anything starts
		told = strings.TrimSuffix(mistake, "Error: "+bootstrap.ErrConfiguration.Error()+"\n")
	}
	first, more, _ := strings.Cut(told, ":")
	if !strings.Contains(first, setting) || strings.Count(more, "\n") != 1 || len(told) > 300 {
		t.Errorf("%v: got %q", changes, output)
	}
	for _, word := range []string{"hidden-", "fx.", "failed to build", "could not build", "/bootstrap", ".go:"} {
		if strings.Contains(told, word) {
			t.Errorf("%v: %q in %q", changes, word, told)
		}
	}
}
