package bootstrap_test

import (
	"os"
	"testing"

	"meet/test/process"
)

func TestMain(m *testing.M) {
	code := m.Run()
	process.Remove()
	os.Exit(code)
}
