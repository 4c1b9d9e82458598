package deploy

import (
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader"
	"helm.sh/helm/v4/pkg/chart/v2/lint"
	"helm.sh/helm/v4/pkg/chart/v2/lint/support"
	"helm.sh/helm/v4/pkg/engine"
	"sigs.k8s.io/yaml"
)

const chartFolder = "../../deploy/helm/meet"

// full is the values of testdata/full.yaml.
func full(t *testing.T) map[string]any {
	t.Helper()
	var values map[string]any
	if err := yaml.Unmarshal([]byte(read(t, "testdata/full.yaml")), &values); err != nil {
		t.Fatal(err)
	}
	return values
}

// render is what Helm would send to Kubernetes, and its notes.
func render(t *testing.T, values map[string]any) ([]object, string) {
	t.Helper()
	files, err := rendered(t, values)
	if err != nil {
		t.Fatal(err)
	}
	var objects []object
	notes := ""
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if path.Base(name) == "NOTES.txt" {
			notes = files[name]
			continue
		}
		for _, document := range strings.Split("\n"+files[name], "\n---") {
			if strings.TrimSpace(document) != "" {
				objects = append(objects, decode(t, name, document))
			}
		}
	}
	return objects, notes
}

func rendered(t *testing.T, values map[string]any) (map[string]string, error) {
	t.Helper()
	chart, err := loader.Load(chartFolder)
	if err != nil {
		t.Fatal(err)
	}
	release := common.ReleaseOptions{Name: "meet", Namespace: "visio", Revision: 1, IsInstall: true}
	all, err := util.ToRenderValues(chart, values, release, nil)
	if err != nil {
		return nil, err
	}
	return engine.Engine{Strict: true}.RenderWithContext(t.Context(), chart, all)
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestHelmsLinterIsContent(t *testing.T) {
	for name, values := range map[string]map[string]any{"default": {}, "full": full(t)} {
		for _, message := range lint.RunAll(chartFolder, values, "visio").Messages {
			if message.Severity > support.InfoSev {
				t.Errorf("%s: %v", name, message)
			}
		}
	}
}

func TestMistakesInValuesAreRefused(t *testing.T) {
	for name, values := range map[string]string{
		"unknown name":       "backend: {replica: 3}",
		"list of variables":  "backend: {envVars: [{name: A, value: b}]}",
		"half a reference":   "backend: {envVars: {A: {secretKeyRef: {name: b}}}}",
		"two references":     "backend: {envVars: {A: {secretKeyRef: {name: b, key: c}, configMapKeyRef: {name: b, key: c}}}}",
		"stopped too early":  "backend: {terminationGracePeriodSeconds: 30}",
		"port out of range":  "backend: {service: {port: 70000}}",
		"unknown pullPolicy": "image: {pullPolicy: Sometimes}",
	} {
		var parsed map[string]any
		if err := yaml.Unmarshal([]byte(values), &parsed); err != nil {
			t.Fatal(err)
		}
		if _, err := rendered(t, parsed); err == nil {
			t.Errorf("%s: rendered", name)
		}
	}
}

func TestEveryValueIsInTheChartsReadme(t *testing.T) {
	var values map[string]any
	if err := yaml.Unmarshal([]byte(read(t, chartFolder+"/values.yaml")), &values); err != nil {
		t.Fatal(err)
	}
	readme := read(t, chartFolder+"/README.md")
	for name, value := range values {
		names := []string{name}
		if inner, ok := value.(map[string]any); ok && len(inner) > 0 && name != "commonEnvVars" {
			names = nil
			for key := range inner {
				names = append(names, name+"."+key)
			}
		}
		for _, name := range names {
			if !strings.Contains(readme, "`"+name+"`") && !strings.Contains(readme, "`"+name+".") {
				t.Errorf("%s is not in README.md", name)
			}
		}
	}
}
