package bootstrap

import (
	"context"

	"github.com/spf13/cobra"

	"meet/adapters/sqlstore"
)

func migrateCommand(edition Edition) *cobra.Command {
	migrate := upCommand(edition, "migrate")
	migrate.AddCommand(upCommand(edition, "up"), &cobra.Command{
		Use: "status", Short: "Show which steps have been applied", Args: cobra.NoArgs,
		RunE: withMigrator(edition, func(cmd *cobra.Command, migrator *sqlstore.Migrator) error {
			report, err := migrator.Status(cmd.Context())
			printFound(cmd, report)
			for _, step := range report.Steps {
				state := "pending"
				if step.Applied {
					state = "applied"
				}
				cmd.Println(state, step.Name)
			}
			return err
		}),
	})
	return migrate
}

// upCommand is there twice: `migrate` is short for `migrate up`.
func upCommand(edition Edition, name string) *cobra.Command {
	var dry bool
	up := &cobra.Command{
		Use: name, Short: "Bring the database up to date, one of La Suite Meet too", Args: cobra.NoArgs,
		RunE: withMigrator(edition, func(cmd *cobra.Command, migrator *sqlstore.Migrator) error {
			if dry {
				report, err := migrator.Plan(cmd.Context())
				printSteps(cmd, "would apply", report, err)
				cmd.Println("nothing was changed: this was a dry run")
				return err
			}
			report, err := migrator.Up(cmd.Context())
			verb := "applied"
			if err != nil {
				verb = "failed and undone"
			}
			printSteps(cmd, verb, report, err)
			return err
		}),
	}
	up.Flags().BoolVar(&dry, "dry-run", false, "take all steps, say what they do, and undo them again")
	return up
}

func printFound(cmd *cobra.Command, report sqlstore.Report) {
	if report.Found != "" {
		cmd.Println("found", report.Found)
	}
}

func printSteps(cmd *cobra.Command, verb string, report sqlstore.Report, err error) {
	printFound(cmd, report)
	for _, step := range report.Steps {
		if step.Does == "" {
			cmd.Println(verb, step.Name)
		} else {
			cmd.Printf("%s %s: %s\n", verb, step.Name, step.Does)
		}
		for _, effect := range step.Effects {
			cmd.Println("   ", effect)
		}
	}
	if err == nil && len(report.Steps) == 0 {
		cmd.Println("the schema is up to date")
	}
}

func withMigrator(edition Edition, run func(*cobra.Command, *sqlstore.Migrator) error) func(*cobra.Command, []string) error {
	return withDatabase(edition, func(cmd *cobra.Command, config Config, db *sqlstore.DB) error {
		migrator := sqlstore.NewMigrator(db, config.Database)
		return run(cmd, migrator)
	})
}

// withDatabase opens the database for a command.
func withDatabase(edition Edition, run func(*cobra.Command, Config, *sqlstore.DB) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		if cmd.Context() == nil {
			cmd.SetContext(context.Background())
		}
		config, _, err := edition.prepare()
		if err != nil {
			return err
		}
		db, err := openDatabase(config.Database)
		if err != nil {
			return err
		}
		defer func() { _ = db.Close() }()
		return reached(config.Database, run(cmd, config, db))
	}
}
