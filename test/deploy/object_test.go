package deploy

import (
	"testing"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// object is something for Kubernetes, with the text it was read from.
type object struct {
	meta.TypeMeta
	Name, Text string
	Typed      meta.Object
}

// kinds are what the chart makes.
func kinds() map[string]meta.Object {
	return map[string]meta.Object{
		"apps/v1 Deployment":                      &apps.Deployment{},
		"autoscaling/v2 HorizontalPodAutoscaler":  &autoscaling.HorizontalPodAutoscaler{},
		"batch/v1 Job":                            &batch.Job{},
		"v1 ConfigMap":                            &core.ConfigMap{},
		"v1 PersistentVolumeClaim":                &core.PersistentVolumeClaim{},
		"v1 Service":                              &core.Service{},
		"v1 ServiceAccount":                       &core.ServiceAccount{},
		"networking.k8s.io/v1 Ingress":            &networking.Ingress{},
		"policy/v1 PodDisruptionBudget":           &policy.PodDisruptionBudget{},
		"monitoring.coreos.com/v1 ServiceMonitor": &monitoring.ServiceMonitor{},
		"monitoring.coreos.com/v1 PrometheusRule": &monitoring.PrometheusRule{},
	}
}

// decode refuses fields that Kubernetes does not know, and doubled ones.
func decode(t *testing.T, file, text string) object {
	t.Helper()
	var o object
	if err := yaml.Unmarshal([]byte(text), &o.TypeMeta); err != nil {
		t.Fatalf("%s: %v\n%s", file, err, text)
	}
	typed, known := kinds()[o.APIVersion+" "+o.Kind]
	if !known {
		t.Fatalf("%s: unknown kind %s %s\n%s", file, o.APIVersion, o.Kind, text)
	}
	if err := yaml.UnmarshalStrict([]byte(text), typed); err != nil {
		t.Fatalf("%s: %v\n%s", file, err, text)
	}
	o.Name, o.Text, o.Typed = typed.GetName(), text, typed
	return o
}

// find is the object of this type and name.
func find[T meta.Object](t *testing.T, objects []object, name string) T {
	t.Helper()
	var none T
	for _, o := range objects {
		if typed, ok := o.Typed.(T); ok && o.Name == name {
			return typed
		}
	}
	t.Fatalf("no %T %s", none, name)
	return none
}
