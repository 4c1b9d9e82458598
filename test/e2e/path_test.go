package e2e

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"meet/adapters/livekit"
	"meet/domain"
	"meet/test/fake"
	media "meet/test/livekit"
)

// below is an nginx that passes what comes below a path on to LiveKit.
const below = `
daemon off; worker_processes 1; pid %[1]s/pid; error_log %[1]s/error.log;
events {}
http {
  access_log off; client_body_temp_path %[1]s; proxy_temp_path %[1]s; fastcgi_temp_path %[1]s; uwsgi_temp_path %[1]s; scgi_temp_path %[1]s;
  server {
    listen %[2]s;
    location / { return 404; }
    location /media/livekit/ {
      proxy_pass %[3]s/; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";
    }
  }
}
`

// proxied is the address below which nginx shows LiveKit.
func proxied(t *testing.T, target string) string {
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
	address := free(t, "tcp")
	if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), fmt.Appendf(nil, below, dir, address, target), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program, "-p", dir, "-e", filepath.Join(dir, "error.log"), "-c", filepath.Join(dir, "nginx.conf"))
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait()
		_ = os.RemoveAll(dir)
	})
	url := "http://" + address + "/media/livekit"
	until(t, "nginx answers", func() bool {
		response, err := http.Get(url + "/")
		if err != nil {
			return false
		}
		return response.Body.Close() == nil && response.StatusCode == http.StatusOK
	})
	return url
}

func TestLiveKitMayBeBehindAPath(t *testing.T) {
	server := media.Start(t, "", "")
	for _, end := range []string{"", "/"} {
		env, options := withoutMedia(t, "sqlite::memory:")
		env["LIVEKIT_API_URL"], env["LIVEKIT_API_KEY"], env["LIVEKIT_API_SECRET"] = proxied(t, server.URL)+end, server.Key, server.Secret
		address, _ := startApp(t, env, options...)
		s := &site{t: t, address: "http://" + address, media: &media.Server{URL: strings.TrimSuffix(env["LIVEKIT_API_URL"], "/"), Key: server.Key, Secret: server.Secret}}
		owner, room := s.owner("public")
		guest := s.join(s.client().Must(http.StatusOK, http.MethodGet, "/rooms/"+room+"/", nil))
		who := guest.LocalParticipant.Identity()
		owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/update-participant/", map[string]any{"participant_identity": who, "name": "Zoë"})
		owner.Must(http.StatusOK, http.MethodPost, "/rooms/"+room+"/remove-participant/", map[string]any{"participant_identity": who})
		guest.putOut("removed")
		for _, finding := range livekit.Examine(t.Context(), livekit.Config{URL: env["LIVEKIT_API_URL"], Key: server.Key, Secret: server.Secret}) {
			if finding.Status != domain.Healthy {
				t.Errorf("the doctor finds %+v", finding)
			}
		}
	}
}

// TestAWrongKeyIsNotAMediaServerThatIsAway asks with a secret of another LiveKit.
func TestAWrongKeyIsNotAMediaServerThatIsAway(t *testing.T) {
	server := media.Start(t, "", "")
	for name, value := range map[string]string{"LIVEKIT_API_SECRET": strings.Repeat("another secret", 3), "LIVEKIT_API_KEY": "another"} {
		env, options := withoutMedia(t, "sqlite::memory:")
		env["LIVEKIT_API_URL"], env["LIVEKIT_API_KEY"], env["LIVEKIT_API_SECRET"] = server.URL, server.Key, server.Secret
		env[name] = value
		address, _ := startApp(t, env, options...)
		s := &site{t: t, address: "http://" + address, media: server}
		owner, room := s.owner("public")
		answer := owner.Must(http.StatusBadGateway, http.MethodPost, "/rooms/"+room+"/end/", nil)
		if answer["detail"] != domain.ErrLiveKitKey.Detail {
			t.Errorf("%s: %v", name, answer)
		}
		_, err := livekit.NewMeeting(livekit.NewAPI(livekit.Config{URL: server.URL, Key: env["LIVEKIT_API_KEY"], Secret: env["LIVEKIT_API_SECRET"]}, fake.NewMeter())).Running(t.Context())
		if err == nil || !strings.Contains(err.Error(), "LIVEKIT_API_KEY and LIVEKIT_API_SECRET") || strings.Contains(err.Error(), env["LIVEKIT_API_SECRET"]) {
			t.Errorf("%s: logged %v", name, err)
		}
	}
}
