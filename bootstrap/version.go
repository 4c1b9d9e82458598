package bootstrap

import (
	"runtime/debug"

	"meet/adapters/httpapi"
)

// version is set at build time: -ldflags "-X meet/bootstrap.version=1.2.3".
var version = "dev"

// Version is what is running.
func Version() httpapi.Version {
	about := httpapi.Version{Source: "meet", Version: version}
	if info, ok := debug.ReadBuildInfo(); ok {
		about.Build = info.GoVersion
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				about.Commit = setting.Value
			}
		}
	}
	return about
}
