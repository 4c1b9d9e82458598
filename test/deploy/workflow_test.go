package deploy

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// actionlint is run as a program: its libraries do not get on with Helm's.
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"

func workflows(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../.github/workflows/*.yml")
	if err != nil || len(files) < 2 {
		t.Fatalf("%v, error %v", files, err)
	}
	return files
}

func TestActionlintIsContent(t *testing.T) {
	arguments := append([]string{"run", actionlint, "-no-color"}, workflows(t)...)
	if said, err := exec.CommandContext(t.Context(), "go", arguments...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

func TestActionsArePinnedAndGetTheRightsTheyNeed(t *testing.T) {
	uses := regexp.MustCompile(`uses: (\S+)`)
	pinned := regexp.MustCompile(`^[\w-]+/[\w-]+@(v\d+\.\d+\.\d+|[0-9a-f]{40})$`)
	for _, file := range workflows(t) {
		text := read(t, file)
		for _, match := range uses.FindAllStringSubmatch(text, -1) {
			if !pinned.MatchString(match[1]) {
				t.Errorf("%s uses %s", file, match[1])
			}
		}
		if !strings.Contains(text, "\npermissions:\n  contents: read\n") || strings.Contains(text, "pull_request_target") {
			t.Errorf("%s may more than read", file)
		}
		if !strings.Contains(text, ".ci/run") {
			t.Errorf("%s does not check", file)
		}
	}
	release := read(t, "../../.github/workflows/release.yml")
	for _, part := range []string{"make dist", "linux/amd64,linux/arm64", "cosign sign --yes", "cosign sign-blob", "attest-build-provenance", "sbom-action", "gh release create"} {
		if !strings.Contains(release, part) {
			t.Errorf("a release lacks %s", part)
		}
	}
}
