package fault

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"meet/test/client"
	"meet/test/postgres"
	"meet/test/process"
	"meet/test/redis"
)

const balancer = `daemon off; worker_processes 1; pid %[1]s/pid; error_log %[1]s/error.log;
events { worker_connections 512; }
http {
  access_log off; client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy;
  fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
  upstream meet { %[2]s }
  server {
    listen %[3]s;
    location = /generation { return 200 "%[4]d"; }
    location / {
      proxy_pass http://meet;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`

// nginx is a balancer in front of servers, driven as an operator does who
// takes a server out before stopping it.
type nginx struct {
	t          testing.TB
	address    string
	dir        string
	servers    []*process.Process
	generation int
	command    *exec.Cmd
}

// balance runs an nginx in front of the servers until the test ends.
func balance(t testing.TB, address string, servers []*process.Process) *nginx {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil { // not on everybody's path
		program, err = exec.LookPath("/usr/sbin/nginx")
	}
	if err != nil {
		t.Fatal("nginx is missing. Install it: sudo apt-get install -y nginx-light")
	}
	dir, err := os.MkdirTemp("", "meet-nginx") // its workers are another user
	if err != nil {
		t.Fatal(err)
	}
	n := &nginx{t: t, address: address, dir: dir, servers: servers}
	n.write(nil)
	n.command = exec.Command(program, "-p", dir, "-e", filepath.Join(dir, "error.log"), "-c", filepath.Join(dir, "nginx.conf"))
	if err := n.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = n.command.Process.Signal(os.Interrupt)
		_ = n.command.Wait()
		if log, _ := os.ReadFile(filepath.Join(dir, "error.log")); t.Failed() {
			t.Logf("nginx: %.2000s", log)
		}
		_ = os.RemoveAll(dir)
	})
	n.ready()
	return n
}

// write makes the configuration without the server that is out.
func (n *nginx) write(out *process.Process) {
	n.t.Helper()
	n.generation++
	var upstream strings.Builder
	for _, server := range n.servers {
		if server != out {
			fmt.Fprintf(&upstream, "server %s max_fails=0; ", server.Address)
		}
	}
	text := fmt.Appendf(nil, balancer, n.dir, upstream.String(), n.address, n.generation)
	if err := os.WriteFile(filepath.Join(n.dir, "nginx.conf"), text, 0o600); err != nil {
		n.t.Fatal(err)
	}
}

// without sends nobody to the server that is out any more, nil for none.
func (n *nginx) without(out *process.Process) {
	n.t.Helper()
	n.write(out)
	if err := n.command.Process.Signal(syscall.SIGHUP); err != nil {
		n.t.Fatal(err)
	}
	n.ready()
}

// ready waits until the newest configuration is in use.
func (n *nginx) ready() {
	n.t.Helper()
	fresh := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	until(n.t, "nginx has read its configuration", func() bool {
		response, err := fresh.Get("http://" + n.address + "/generation")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		return err == nil && string(text) == strconv.Itoa(n.generation)
	})
}

// TestARollingRestartFailsNoRequest restarts each of three servers, three
// times round, while people go on working through the balancer.
func TestARollingRestartFailsNoRequest(t *testing.T) {
	front := process.Free(t)
	env := process.Environment(t, postgres.URL(t), front)
	env["REDIS_URL"] = redis.Start(t).URL
	env["SHUTDOWN_DELAY"] = "1" // old workers of nginx still send what they had taken
	var list []*process.Process
	for range 3 {
		own := maps.Clone(env)
		own["LISTEN_ADDR"] = process.Free(t)
		server := process.New(t, own)
		server.Start()
		list = append(list, server)
	}
	proxy := balance(t, front, list)
	ada := client.New(t, "http://"+front)
	ada.HTTP.Transport = &http.Transport{DisableKeepAlives: true} // nginx cuts kept ones when it reloads
	ada.SignIn("demo-alice")
	room, _ := ada.NewRoom()["slug"].(string)

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var all sync.WaitGroup
	var asked atomic.Int64
	for range 4 {
		all.Go(func() {
			for ctx.Err() == nil {
				made := ada.NewRoom()
				ada.Must(http.StatusOK, http.MethodPatch, "/rooms/"+made["id"].(string)+"/", map[string]any{"access_level": "trusted"})
				ada.Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil)
				response, err := ada.HTTP.Get("http://" + front + "/api/v1.0/rooms/" + room + "/")
				if err != nil || response.StatusCode != http.StatusOK {
					t.Errorf("reading got %v, error %v", response, err)
					return
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
				asked.Add(4)
			}
		})
	}
	for range 3 {
		for _, server := range list {
			before := asked.Load()
			until(t, "work goes on", func() bool { return asked.Load() > before+100 || t.Failed() })
			proxy.without(server)
			server.Stop()
			server.Start()
			proxy.without(nil)
		}
	}
	cancel()
	all.Wait()
	t.Logf("%d requests during nine restarts", asked.Load())
}
