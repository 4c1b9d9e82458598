package deploy

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// stages parses the Dockerfile; what the linter says fails the test.
func stages(t *testing.T) ([]instructions.Stage, []instructions.ArgCommand) {
	t.Helper()
	parsed, err := parser.Parse(strings.NewReader(read(t, "../../deploy/Dockerfile")))
	if err != nil {
		t.Fatal(err)
	}
	lint := linter.New(&linter.Config{Warn: func(rule, _, _, message string, at []parser.Range) {
		t.Errorf("%s at %v: %s", rule, at, message)
	}})
	all, args, err := instructions.Parse(parsed.AST, lint)
	if err != nil {
		t.Fatal(err)
	}
	for _, warning := range parsed.Warnings {
		t.Errorf("%+v", warning)
	}
	return all, args
}

func TestBaseImagesArePinnedByTag(t *testing.T) {
	all, args := stages(t)
	pinned := regexp.MustCompile(`^[a-z]+:\d+[\w.-]*$`)
	images := map[string]string{}
	for _, arg := range args {
		for _, pair := range arg.Args {
			images["${"+pair.Key+"}"] = *pair.Value
			if !pinned.MatchString(*pair.Value) {
				t.Errorf("%s=%s", pair.Key, *pair.Value)
			}
		}
	}
	for _, stage := range all[:len(all)-1] {
		if images[stage.BaseName] == "" {
			t.Errorf("%s is built from %s", stage.Name, stage.BaseName)
		}
	}
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "../../go.mod"))[1]
	if image := images["${GO_IMAGE}"]; !strings.HasPrefix(image, "golang:"+version) {
		t.Errorf("go.mod wants Go %s, the image is %s", version, image)
	}
}

func TestTheImageRunsTheServerAsNobody(t *testing.T) {
	all, _ := stages(t)
	final := all[len(all)-1]
	if final.BaseName != "scratch" {
		t.Errorf("built from %s", final.BaseName)
	}
	got := map[string]string{}
	var labels []string
	for _, command := range final.Commands {
		switch c := command.(type) {
		case *instructions.UserCommand:
			got["user"] = c.User
		case *instructions.EntrypointCommand:
			got["entrypoint"] = strings.Join(c.CmdLine, " ")
		case *instructions.CmdCommand:
			got["cmd"] = strings.Join(c.CmdLine, " ")
		case *instructions.HealthCheckCommand:
			got["health"] = strings.Join(c.Health.Test, " ")
		case *instructions.ExposeCommand:
			got["expose"] = strings.Join(c.Ports, " ")
		case *instructions.CopyCommand:
			if c.From != "build" {
				t.Errorf("copies %v from %q", c.SourcePaths, c.From)
			}
		case *instructions.LabelCommand:
			for _, label := range c.Labels {
				labels = append(labels, label.Key)
			}
		case *instructions.RunCommand:
			t.Error("nothing can run in an empty image")
		}
	}
	want := map[string]string{"user": "65532:65532", "entrypoint": "/meet", "cmd": "serve", "health": "CMD /meet healthcheck", "expose": "8000 9100"}
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s is %q, want %q", name, got[name], want[name])
		}
	}
	for _, label := range []string{"title", "description", "licenses", "version", "revision"} {
		if !slices.Contains(labels, "org.opencontainers.image."+label) {
			t.Errorf("no label %s", label)
		}
	}
}

func TestImageAndArchivesAreBuiltAlike(t *testing.T) {
	flags := regexp.MustCompile(`-trimpath -buildvcs=false`)
	linked := regexp.MustCompile(`-s -w -buildid= -X meet/bootstrap\.version=\S+ -X meet/bootstrap\.commit=`)
	for _, name := range []string{"../../deploy/Dockerfile", "../../deploy/dist.sh"} {
		text := read(t, name)
		if !flags.MatchString(text) || !linked.MatchString(text) || !strings.Contains(text, "CGO_ENABLED=0") {
			t.Errorf("%s has other flags", name)
		}
	}
}

func TestTheBuilderGetsWhatItNeedsAndNoMore(t *testing.T) {
	ignored := strings.Split(strings.TrimSpace(read(t, "../../.dockerignore")), "\n")
	for _, folder := range []string{"adapters", "application", "bootstrap", "cmd", "domain", "migrations", "ports", "web", "go.mod", "go.sum"} {
		if !slices.Contains(ignored, "!"+folder) {
			t.Errorf("%s is kept from the builder", folder)
		}
	}
	if !slices.Contains(ignored, "*") {
		t.Error("everything else goes along")
	}
}
