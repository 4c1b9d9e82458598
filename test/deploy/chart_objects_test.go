package deploy

import (
	"slices"
	"strings"
	"testing"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
)

func TestPodsMayDoNothingTheyNeedNot(t *testing.T) {
	for _, values := range []map[string]any{nil, full(t)} {
		objects, _ := render(t, values)
		pods := map[string]core.PodSpec{
			"deployment": find[*apps.Deployment](t, objects, "meet-backend").Spec.Template.Spec,
			"job":        find[*batch.Job](t, objects, "meet-backend-migrate").Spec.Template.Spec,
		}
		for name, pod := range pods {
			if pod.AutomountServiceAccountToken == nil || *pod.AutomountServiceAccountToken {
				t.Errorf("%s mounts a token", name)
			}
			own := pod.SecurityContext
			if own == nil || !*own.RunAsNonRoot || *own.RunAsUser == 0 || own.SeccompProfile.Type != core.SeccompProfileTypeRuntimeDefault {
				t.Errorf("%s: pod %+v", name, own)
			}
			inner := pod.Containers[0].SecurityContext
			if *inner.AllowPrivilegeEscalation || !*inner.ReadOnlyRootFilesystem || !slices.Equal(inner.Capabilities.Drop, []core.Capability{"ALL"}) {
				t.Errorf("%s: container %+v", name, inner)
			}
			if pod.Containers[0].Resources.Limits.Memory().IsZero() || pod.Containers[0].Resources.Requests.Cpu().IsZero() {
				t.Errorf("%s has no bounds", name)
			}
		}
		for _, o := range objects {
			if account, ok := o.Typed.(*core.ServiceAccount); ok && *account.AutomountServiceAccountToken {
				t.Error("the account hands out a token")
			}
			if o.Kind == "Secret" {
				t.Errorf("%s is a secret in clear", o.Name)
			}
		}
	}
}

func TestRequestsMayEndBeforeAPodDoes(t *testing.T) {
	objects, _ := render(t, nil)
	pod := find[*apps.Deployment](t, objects, "meet-backend").Spec.Template.Spec
	const stop = 35 // bootstrap.StopTimeout
	if !strings.Contains(read(t, "../../bootstrap/app.go"), "StopTimeout = 35 * time.Second") {
		t.Error("StopTimeout has changed")
	}
	before := pod.Containers[0].Lifecycle.PreStop.Sleep.Seconds
	if before < 1 || *pod.TerminationGracePeriodSeconds <= before+stop {
		t.Errorf("%d seconds, after %d", *pod.TerminationGracePeriodSeconds, before)
	}
}

func TestAnAbsentDatabaseTakesPodsOutButDoesNotRestartThem(t *testing.T) {
	objects, _ := render(t, nil)
	server := find[*apps.Deployment](t, objects, "meet-backend").Spec.Template.Spec.Containers[0]
	for path, probe := range map[string]*core.Probe{"/__lbheartbeat__": server.LivenessProbe, "/__heartbeat__": server.ReadinessProbe} {
		if probe.HTTPGet.Path != path || probe.HTTPGet.Port.String() != "http" || probe.TimeoutSeconds != 5 {
			t.Errorf("%s: %+v", path, probe)
		}
	}
	if startup := server.StartupProbe; startup.PeriodSeconds*startup.FailureThreshold < 120 {
		t.Error("migrations of a large database get less than two minutes")
	}
}

func TestProbesCanBeReplaced(t *testing.T) {
	objects, _ := render(t, full(t))
	server := find[*apps.Deployment](t, objects, "meet-backend").Spec.Template.Spec.Containers[0]
	if got := server.ReadinessProbe; got.HTTPGet.Path != "/__lbheartbeat__" || got.InitialDelaySeconds != 5 {
		t.Errorf("readiness %+v", got)
	}
	if got := server.StartupProbe; got.Exec == nil || got.HTTPGet != nil {
		t.Errorf("startup %+v", got)
	}
}

func TestTheIngressReachesTheAPIAndNotTheMetrics(t *testing.T) {
	objects, notes := render(t, full(t))
	service := find[*core.Service](t, objects, "meet-backend")
	ports := map[string]int32{}
	for _, port := range service.Spec.Ports {
		ports[port.Name] = port.Port
	}
	if ports["http"] != 80 || len(ports) != 1 {
		t.Errorf("ports %v", ports)
	}
	if inner := find[*core.Service](t, objects, "meet-metrics").Spec; inner.Type != core.ServiceTypeClusterIP || inner.Ports[0].Port != 9100 {
		t.Errorf("metrics %+v", inner)
	}
	for name, hosts := range map[string]int{"meet": 2, "meet-webhook": 1} {
		ingress := find[*networking.Ingress](t, objects, name)
		if len(ingress.Spec.Rules) != hosts || len(ingress.Spec.TLS) == 0 {
			t.Errorf("%s: %d rules", name, len(ingress.Spec.Rules))
		}
		for _, rule := range ingress.Spec.Rules {
			if to := rule.HTTP.Paths[0].Backend.Service; to.Name != service.Name || to.Port.Name != "http" {
				t.Errorf("%s goes to %+v", name, to)
			}
		}
	}
	if !strings.Contains(notes, "https://meet.example.org/api/v1.0/callback/") || strings.Contains(notes, "REDIS_URL is not set") {
		t.Errorf("notes: %s", notes)
	}
}

func TestSelectorsFindTheServersPodsAlone(t *testing.T) {
	objects, _ := render(t, full(t))
	deployment, service := find[*apps.Deployment](t, objects, "meet-backend"), find[*core.Service](t, objects, "meet-backend")
	job := find[*batch.Job](t, objects, "meet-backend-migrate")
	for name, selector := range map[string]map[string]string{
		"service":    find[*core.Service](t, objects, "meet-backend").Spec.Selector,
		"metrics":    find[*core.Service](t, objects, "meet-metrics").Spec.Selector,
		"budget":     find[*policy.PodDisruptionBudget](t, objects, "meet-backend").Spec.Selector.MatchLabels,
		"deployment": deployment.Spec.Selector.MatchLabels,
	} {
		if !matches(selector, deployment.Spec.Template.Labels) || matches(selector, job.Spec.Template.Labels) {
			t.Errorf("%s selects by %v", name, selector)
		}
	}
	if deployment.Spec.Replicas != nil || find[*autoscaling.HorizontalPodAutoscaler](t, objects, "meet-backend").Spec.ScaleTargetRef.Name != deployment.Name {
		t.Error("two decide how many pods there are")
	}
	monitor := find[*monitoring.ServiceMonitor](t, objects, "meet")
	if !matches(monitor.Spec.Selector.MatchLabels, find[*core.Service](t, objects, "meet-metrics").Labels) ||
		matches(monitor.Spec.Selector.MatchLabels, service.Labels) || monitor.Spec.Endpoints[0].Port != "metrics" {
		t.Error("Prometheus finds nothing")
	}
}

func matches(selector, labels map[string]string) bool {
	for name, value := range selector {
		if labels[name] != value {
			return false
		}
	}
	return len(selector) > 0
}
