package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"meet/domain"
)

// Print writes the findings as a table for people, and what to do below.
func Print(out io.Writer, findings []domain.Finding) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	counts := map[domain.FindingStatus]int{}
	for _, f := range findings {
		counts[f.Status]++
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", f.Status, f.Check, f.Seen)
		if f.Mend != "" {
			_, _ = fmt.Fprintf(table, "\t\t-> %s\n", f.Mend)
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%d ok, %d warnings, %d errors, %d skipped\n",
		counts[domain.Healthy], counts[domain.Doubtful], counts[domain.Broken], counts[domain.Unexamined])
	return err
}

// PrintJSON writes the findings as a list for programs.
func PrintJSON(out io.Writer, findings []domain.Finding) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(findings)
}
