package redis

import (
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// program is where redis-server is.
func program(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal("redis-server is missing. Install it: sudo apt-get install -y redis-server")
	}
	return path
}

var major = regexp.MustCompile(`v=(\d+)\.`)

// needsSeven fails the test when redis-server is older than 7.0, of which are
// --cluster-port and CLUSTER ADDSLOTSRANGE.
func needsSeven(t testing.TB) {
	t.Helper()
	text, err := exec.CommandContext(t.Context(), program(t), "--version").Output()
	if err != nil {
		t.Fatal(err)
	}
	if match := major.FindSubmatch(text); match != nil {
		if number, err := strconv.Atoi(string(match[1])); err == nil && number >= 7 {
			return
		}
	}
	t.Fatalf("Clusters of a test need redis-server 7.0 or newer, and this is %s"+
		"Install it: https://redis.io/docs/latest/operate/oss_and_stack/install/ (Ubuntu 22.04 has 6.0; Debian 12 and Ubuntu 24.04 have 7.0)", text)
}
