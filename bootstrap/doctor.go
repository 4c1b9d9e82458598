package bootstrap

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"meet/bootstrap/doctor"
	"meet/bootstrap/settings"
)

// Errors of the doctor command; Main exits with 1 and 2 for them.
var (
	errUnwell      = errors.New("the set-up has mistakes")
	errEnvironment = errors.New("the environment cannot be read")
)

// doctorCommand examines everything that serve would use.
func doctorCommand() *cobra.Command {
	var address string
	var asJSON bool
	command := &cobra.Command{
		Use: "doctor", Short: "Say what is wrong with the set-up, and how to mend it", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			env, err := Environment(nil)
			if err != nil {
				return fmt.Errorf("%w: %w", errEnvironment, err)
			}
			findings := doctor.Examine(cmd.Context(), Setup(env, address))
			show := doctor.Print
			if asJSON {
				show = doctor.PrintJSON
			}
			if err := show(cmd.OutOrStdout(), findings); err != nil {
				return err
			}
			if doctor.Failed(findings) {
				return errUnwell
			}
			return nil
		},
	}
	command.Flags().StringVar(&address, "url", "", "public address, for example https://meet.example.org")
	command.Flags().BoolVar(&asJSON, "json", false, "write a list for programs")
	return command
}

// Setup is what the doctor examines in that environment; address is the
// public one, "" to find it out.
func Setup(env map[string]string, address string) doctor.Setup {
	config, problems := Load(env)
	if err := trustLiveKit(config); err != nil {
		problems = append(problems, err.Error())
	}
	read := settings.NewReader(func(name string) (string, bool) {
		value, set := env[name]
		return value, set
	})
	profile := profiles[read.Text("DJANGO_CONFIGURATION")]
	config.Database.Patience = lookTime
	return doctor.Setup{
		Problems: problems, Warnings: config.Warnings,
		Profile: read.Text("DJANGO_CONFIGURATION"), Debug: profile.Debug, Production: profile.Production,
		Hosts: read.List("DJANGO_ALLOWED_HOSTS"), TrustedOrigins: read.List("DJANGO_CSRF_TRUSTED_ORIGINS"),
		PublicURL: address, ListenAddr: config.ListenAddr,
		Database: config.Database, Migrates: config.MigrateOnStart, Redis: config.Meetings.Redis, LobbyPrefix: config.Meetings.LobbyPrefix,
		OIDC: config.OIDC, PKCE: config.SignIn.VerifierSize > 0,
		LiveKit: config.LiveKit, Telephony: config.Meetings.Events.DialIn, RoomFilter: config.Meetings.Events.Filter,
		SMTP: config.SMTP, Conceal: settings.NewConcealer(env),
	}
}

// exitCode is what the process ends with.
func exitCode(err error) int {
	if errors.Is(err, errEnvironment) {
		return 2
	}
	return 1
}
