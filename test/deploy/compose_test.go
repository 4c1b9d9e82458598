package deploy

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"sigs.k8s.io/yaml"
)

const composeFolder = "../../deploy/compose"

// project is the compose file with the example's environment.
func project(t *testing.T) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{"../../deploy/compose.yaml"},
		cli.WithWorkingDirectory("../../deploy"), cli.WithEnvFiles(composeFolder+"/.env.example"), cli.WithDotEnv)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func environment(service types.ServiceConfig) map[string]string {
	env := map[string]string{}
	for name, value := range service.Environment {
		if value != nil {
			env[name] = *value
		}
	}
	return env
}

func TestEveryServiceListensOnLoopbackAndTellsItsHealth(t *testing.T) {
	services := project(t).Services
	for _, name := range []string{"meet", "postgresql", "redis", "livekit", "keycloak", "mailpit"} {
		service, there := services[name]
		if !there || service.HealthCheck == nil || len(service.HealthCheck.Test) < 2 {
			t.Fatalf("%s: missing, or without a health check", name)
		}
		if _, tag, tagged := strings.Cut(service.Image, ":"); !tagged || tag == "latest" {
			t.Errorf("%s: image %s", name, service.Image)
		}
		for _, port := range service.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s: port %s on %q", name, port.Published, port.HostIP)
			}
		}
		for other, dependency := range service.DependsOn {
			if dependency.Condition != types.ServiceConditionHealthy {
				t.Errorf("%s waits for %s to be %s", name, other, dependency.Condition)
			}
		}
	}
	if len(services["meet"].DependsOn) != 5 || !services["meet"].ReadOnly {
		t.Error("the server starts too early, or may write")
	}
}

func TestASecretThatIsMissingStopsCompose(t *testing.T) {
	options, err := cli.NewProjectOptions([]string{"../../deploy/compose.yaml"}, cli.WithWorkingDirectory("../../deploy"), cli.WithEnv(nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := options.LoadProject(t.Context()); err == nil || !strings.Contains(err.Error(), "set it in the environment file") {
		t.Errorf("error %v", err)
	}
}

func TestTheRealmFitsTheServer(t *testing.T) {
	env := environment(project(t).Services["meet"])
	var realm struct {
		Realm   string
		Clients []struct {
			ClientID, Secret string
			PublicClient     bool
			RedirectURIs     []string
			Attributes       map[string]string
		}
		Users []struct{ Username, Email string }
	}
	if err := json.Unmarshal([]byte(read(t, composeFolder+"/realm.json")), &realm); err != nil {
		t.Fatal(err)
	}
	client := realm.Clients[0]
	if !strings.HasSuffix(env["OIDC_OP_URL"], "/realms/"+realm.Realm) || client.ClientID != env["OIDC_RP_CLIENT_ID"] || client.PublicClient {
		t.Errorf("realm %s, client %+v", realm.Realm, client)
	}
	if client.Secret != "${OIDC_RP_CLIENT_SECRET}" || environment(project(t).Services["keycloak"])["OIDC_RP_CLIENT_SECRET"] != env["OIDC_RP_CLIENT_SECRET"] {
		t.Error("the two have different secrets")
	}
	own := env["LOGIN_REDIRECT_URL"]
	if !slices.Equal(client.RedirectURIs, []string{own + "/api/v1.0/callback/"}) ||
		client.Attributes["post.logout.redirect.uris"] != own+"/api/v1.0/logout-callback/" ||
		client.Attributes["backchannel.logout.url"] != "http://meet:8000/api/v1.0/backchannel-logout/" {
		t.Errorf("addresses %v %v", client.RedirectURIs, client.Attributes)
	}
	if len(realm.Users) != 3 {
		t.Errorf("%d people", len(realm.Users))
	}
}

func TestLiveKitReportsToTheServer(t *testing.T) {
	services := project(t).Services
	env := environment(services["meet"])
	var config struct {
		Port    int
		RTC     struct{ TCPPort, UDPPort int }
		Redis   struct{ Address string }
		Webhook struct {
			APIKey string   `json:"api_key"`
			URLs   []string `json:"urls"`
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, composeFolder+"/livekit.yaml")), &config); err != nil {
		t.Fatal(err)
	}
	keys := environment(services["livekit"])["LIVEKIT_KEYS"]
	if config.Webhook.APIKey != env["LIVEKIT_API_KEY"] || keys != env["LIVEKIT_API_KEY"]+": "+env["LIVEKIT_API_SECRET"] {
		t.Error("keys differ")
	}
	if !slices.Equal(config.Webhook.URLs, []string{"http://meet:8000/api/v1.0/rooms/webhooks-livekit/"}) || config.Redis.Address != "redis:6379" {
		t.Errorf("%+v", config)
	}
	for name, url := range map[string]string{"livekit": env["LIVEKIT_API_URL"], "keycloak": env["OIDC_OP_URL"]} {
		host := strings.Split(strings.TrimPrefix(url, "http://"), ":")[0]
		if !slices.Contains(services[name].Networks["default"].Aliases, host) {
			t.Errorf("%s is not %s inside", name, host)
		}
	}
	if allowed := strings.Split(env["DJANGO_ALLOWED_HOSTS"], ","); !slices.Equal(allowed, []string{"localhost", "meet"}) {
		t.Errorf("hosts %v", allowed)
	}
}
