package bootstrap

import (
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/spf13/cobra"
	"go.uber.org/fx"

	"meet/adapters/logging"
)

// Edition is a build of the server.
type Edition struct {
	Name, Summary string
	// Complete adds to the environment what this edition brings itself. It
	// is nil for the plain one.
	Complete func(env map[string]string) (Addition, error)
}

// Addition is what an edition adds to the application.
type Addition struct {
	Options  []fx.Option
	Banner   func(address string) string // printed when everything runs
	Warnings []string
}

// ErrConfiguration says that the environment has mistakes, which have been
// printed.
var ErrConfiguration = errors.New("the configuration has mistakes")

// NewRoot is the command line of an edition.
func NewRoot(edition Edition) *cobra.Command {
	root := &cobra.Command{
		Use: edition.Name, Short: edition.Summary, SilenceUsage: true, SilenceErrors: true,
		Version: Version().Version,
	}
	root.SetOut(os.Stdout) // not the log's stream
	root.AddCommand(serveCommand(edition), migrateCommand(edition), configCommand(edition), auditCommand(edition), healthcheckCommand(edition),
		versionCommand(), manCommand(edition))
	if edition.Complete == nil { // the others bring along what would be examined
		root.AddCommand(doctorCommand())
	}
	return root
}

// Main runs the command line and exits.
func Main(edition Edition) {
	if err := NewRoot(edition).Execute(); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", sentence(err))
		os.Exit(exitCode(err))
	}
}

// prepare reads the environment for a command.
func (e Edition) prepare() (Config, Addition, error) {
	env, err := Environment(nil)
	if err != nil {
		return Config{}, Addition{}, err
	}
	var addition Addition
	if e.Complete != nil {
		if addition, err = e.Complete(env); err != nil {
			return Config{}, addition, err
		}
	}
	config, problems := Load(env)
	config.Warnings = append(config.Warnings, addition.Warnings...)
	for _, problem := range problems {
		fmt.Fprintln(os.Stderr, "configuration:", problem)
	}
	if len(problems) > 0 {
		return config, addition, ErrConfiguration
	}
	slog.SetDefault(slog.New(logging.New(os.Stderr, config.Watch.Log)))
	return config, addition, nil
}
