package bootstrap

import (
	"runtime/debug"

	"meet/adapters/httpapi"
)

// version and commit are set at build time: -ldflags "-X meet/bootstrap.version=1.2.3".
// Without the latter the commit is what the toolchain noted.
var (
	version = "dev"
	commit  string
)

// Version is what is running.
func Version() httpapi.Version {
	about := httpapi.Version{Source: "meet", Version: version, Commit: commit}
	if info, ok := debug.ReadBuildInfo(); ok {
		about.Build = info.GoVersion
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" && commit == "" {
				about.Commit = setting.Value
			}
		}
	}
	return about
}
