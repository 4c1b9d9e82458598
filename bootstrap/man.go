package bootstrap

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// manCommand writes the manual, for packages.
func manCommand(edition Edition) *cobra.Command {
	return &cobra.Command{
		Use: "man FOLDER", Short: "Write the manual pages into a folder", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, folder []string) error {
			if err := os.MkdirAll(folder[0], 0o755); err != nil { //nolint:gosec // manuals are for everybody
				return fmt.Errorf("make the folder: %w", err)
			}
			root := cmd.Root()
			root.InitDefaultCompletionCmd() // else the manual depends on what ran before
			root.DisableAutoGenTag = true   // no dates: the same commit gives the same bytes
			header := &doc.GenManHeader{
				Title: strings.ToUpper(edition.Name), Section: "8",
				Source: edition.Name + " " + root.Version, Manual: edition.Summary,
			}
			if err := doc.GenManTree(root, header, folder[0]); err != nil {
				return fmt.Errorf("write the manual: %w", err)
			}
			return nil
		},
	}
}
