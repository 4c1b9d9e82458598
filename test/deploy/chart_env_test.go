package deploy

import (
	"strings"
	"testing"

	apps "k8s.io/api/apps/v1"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
)

// deployed is what the server's container is given.
func deployed(t *testing.T, objects []object) []core.EnvVar {
	t.Helper()
	return find[*apps.Deployment](t, objects, "meet-backend").Spec.Template.Spec.Containers[0].Env
}

func variables(env []core.EnvVar) map[string]string {
	all := map[string]string{}
	for _, variable := range env {
		all[variable.Name] = variable.Value
	}
	return all
}

func TestVariablesMayUseTheSecretsBeforeThem(t *testing.T) {
	objects, _ := render(t, full(t))
	env := deployed(t, objects)
	plain := false
	seen := map[string]bool{}
	for _, variable := range env {
		if variable.ValueFrom == nil {
			plain = true
		} else if plain {
			t.Errorf("%s comes after texts", variable.Name)
		}
		if seen[variable.Name] {
			t.Errorf("%s is there twice", variable.Name)
		}
		seen[variable.Name] = true
	}
	for _, variable := range env {
		if variable.Name == "LIVEKIT_API_SECRET" && variable.ValueFrom.SecretKeyRef.Name != "meet" ||
			variable.Name == "OIDC_RP_CLIENT_ID" && variable.ValueFrom.ConfigMapKeyRef.Key != "client" {
			t.Errorf("%+v", variable)
		}
	}
}

func TestTextsArriveAsTheyAre(t *testing.T) {
	objects, _ := render(t, full(t))
	got := variables(deployed(t, objects))
	for name, want := range map[string]string{
		"DJANGO_CONFIGURATION":     "Production",
		"REDIS_URL":                "redis://redis:6379/1",
		"SESSION_COOKIE_AGE":       "43200",
		"ALLOW_UNREGISTERED_ROOMS": "false",
		"FRONTEND_SUPPORT":         `{'id': 'a "quoted" text'}`,
		"METRICS_ADDR":             ":9100",
		"LISTEN_ADDR":              ":8000",
		"MIGRATE_ON_START":         "false",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
}

func TestWhatIsSaidForTheServerWinsOverWhatIsSaidForAll(t *testing.T) {
	values := full(t)
	values["commonEnvVars"] = map[string]any{"ALLOW_UNREGISTERED_ROOMS": true, "LANG_TEST": map[string]any{"secretKeyRef": map[string]any{"name": "s", "key": "k"}}}
	backend, _ := values["backend"].(map[string]any)
	own, _ := backend["envVars"].(map[string]any)
	own["ALLOW_UNREGISTERED_ROOMS"], own["LANG_TEST"] = false, map[string]any{"configMapKeyRef": map[string]any{"name": "c", "key": "k"}}
	objects, _ := render(t, values)
	for _, variable := range deployed(t, objects) {
		if variable.Name == "ALLOW_UNREGISTERED_ROOMS" && variable.Value != "false" {
			t.Errorf("%+v", variable)
		}
		if variable.Name == "LANG_TEST" && (variable.ValueFrom.SecretKeyRef != nil || variable.ValueFrom.ConfigMapKeyRef == nil) {
			t.Errorf("%+v", variable.ValueFrom)
		}
	}
}

func TestOneMigratesBeforeManyServe(t *testing.T) {
	objects, _ := render(t, nil)
	job := find[*batch.Job](t, objects, "meet-backend-migrate")
	if hook := job.Annotations["helm.sh/hook"]; hook != "pre-install,pre-upgrade" {
		t.Errorf("hook %q", hook)
	}
	pod := job.Spec.Template.Spec
	if strings.Join(pod.Containers[0].Command, " ") != "/meet migrate up" || pod.ServiceAccountName != "" {
		t.Errorf("%+v", pod.Containers[0])
	}
	without, _ := render(t, map[string]any{"backend": map[string]any{"migrate": map[string]any{"enabled": false}}})
	env := variables(deployed(t, without))
	if _, set := env["MIGRATE_ON_START"]; set {
		t.Error("without the job, nobody migrates")
	}
}

func TestMetricsCanBeOff(t *testing.T) {
	objects, _ := render(t, map[string]any{"backend": map[string]any{"metrics": map[string]any{"enabled": false}}})
	for _, o := range objects {
		if strings.Contains(o.Text, "9100") {
			t.Errorf("%s %s", o.Kind, o.Name)
		}
	}
}
