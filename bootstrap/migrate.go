package bootstrap

import (
	"context"

	"github.com/spf13/cobra"

	"meet/adapters/sqlstore"
)

func migrateCommand(edition Edition) *cobra.Command {
	migrate := &cobra.Command{Use: "migrate", Short: "Look after the database schema"}
	migrate.AddCommand(
		&cobra.Command{
			Use: "up", Short: "Bring the schema up to date", Args: cobra.NoArgs,
			RunE: withMigrator(edition, func(cmd *cobra.Command, migrator *sqlstore.Migrator) error {
				applied, err := migrator.Up(cmd.Context())
				for _, step := range applied {
					cmd.Println("applied", step.Name)
				}
				if err == nil && len(applied) == 0 {
					cmd.Println("the schema is up to date")
				}
				return err
			}),
		},
		&cobra.Command{
			Use: "status", Short: "Show which steps have been applied", Args: cobra.NoArgs,
			RunE: withMigrator(edition, func(cmd *cobra.Command, migrator *sqlstore.Migrator) error {
				steps, err := migrator.Status(cmd.Context())
				for _, step := range steps {
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

func withMigrator(edition Edition, run func(*cobra.Command, *sqlstore.Migrator) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		if cmd.Context() == nil {
			cmd.SetContext(context.Background())
		}
		config, _, err := edition.prepare()
		if err != nil {
			return err
		}
		db, err := sqlstore.Open(config.Database)
		if err != nil {
			return err
		}
		defer func() { _ = db.Close() }()
		migrator, err := sqlstore.NewMigrator(db, config.Database)
		if err != nil {
			return err
		}
		return run(cmd, migrator)
	}
}
