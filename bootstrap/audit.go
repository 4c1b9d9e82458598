package bootstrap

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"go.uber.org/fx"

	"meet/adapters/sqlstore"
	"meet/application/audit"
	"meet/domain"
)

// seal links fresh deeds to the chain, and shows in the log how far it has
// come: a witness that whoever changes the database cannot change.
func seal(lifecycle fx.Lifecycle, record *audit.Service) {
	background(lifecycle, repeat(look, nil, "deeds were not sealed", func(ctx context.Context) error {
		last, made, err := record.Seal(ctx)
		if made {
			slog.InfoContext(ctx, "deeds sealed", "audit", true, "number", last.Number, "digest", last.Digest)
		}
		return err
	}))
	background(lifecycle, repeat(sweepEvery, nil, "old deeds were not removed", record.Forget))
}

func auditCommand(edition Edition) *cobra.Command {
	command := &cobra.Command{Use: "audit", Short: "Read and check the record of who did what"}
	command.AddCommand(verifyCommand(edition), listCommand(edition))
	return command
}

var errAltered = errors.New("the record was altered")

func verifyCommand(edition Edition) *cobra.Command {
	var witness string
	verify := &cobra.Command{
		Use: "verify", Short: "Check that nothing in the record was changed, removed or added later", Args: cobra.NoArgs,
		RunE: withRecord(edition, func(cmd *cobra.Command, record *audit.Service) error {
			seen, err := parseWitness(witness)
			if err != nil {
				return err
			}
			report, err := record.Verify(cmd.Context(), seen)
			if err != nil {
				return err
			}
			for _, problem := range report.Problems {
				cmd.Println("problem:", problem)
			}
			cmd.Printf("%d deeds checked, %d to %d; not sealed yet: %d\n", report.Checked, report.First.Number, report.Last.Number, report.Unsealed)
			if report.Checked > 0 {
				cmd.Printf("witness: %d:%s\n", report.Last.Number, report.Last.Digest)
			}
			if len(report.Problems) > 0 {
				return errAltered
			}
			return nil
		}),
	}
	verify.Flags().StringVar(&witness, "witness", "", "number:digest that an earlier check printed, or the log")
	return verify
}

// parseWitness reads "number:digest"; "" is the zero value.
func parseWitness(text string) (domain.Seal, error) {
	if text == "" {
		return domain.Seal{}, nil
	}
	number, digest, _ := strings.Cut(text, ":")
	parsed, err := strconv.ParseInt(number, 10, 64)
	if err != nil || parsed < 1 || digest == "" {
		return domain.Seal{}, fmt.Errorf("--witness: expected number:digest, got %q", text)
	}
	return domain.Seal{Number: parsed, Digest: digest}, nil
}

const pageOfDeeds = 500

func listCommand(edition Edition) *cobra.Command {
	var room string
	list := &cobra.Command{
		Use: "list", Short: "Print what was done, a JSON object per line, oldest first", Args: cobra.NoArgs,
		RunE: withRecord(edition, func(cmd *cobra.Command, record *audit.Service) error {
			id, err := uuid.Parse(room)
			if err != nil && room != "" {
				return fmt.Errorf("--room: expected an id, got %q", room)
			}
			lines := json.NewEncoder(cmd.OutOrStdout())
			for after := int64(0); ; {
				page, err := record.List(cmd.Context(), id, after, pageOfDeeds)
				if err != nil {
					return err
				}
				for _, deed := range page {
					after = deed.Number
					if err := lines.Encode(viewDeed(deed)); err != nil {
						return err
					}
				}
				if len(page) < pageOfDeeds {
					return nil
				}
			}
		}),
	}
	list.Flags().StringVar(&room, "room", "", "id of the room, for that one alone")
	return list
}

// deedView is a deed as it is printed; absent things are left out.
type deedView struct {
	Number    int64             `json:"number"`
	At        string            `json:"at"`
	Action    domain.Action     `json:"action"`
	Actor     string            `json:"actor,omitempty"`
	Room      string            `json:"room,omitempty"`
	Subject   string            `json:"subject,omitempty"`
	Details   map[string]string `json:"details,omitempty"`
	Address   string            `json:"address,omitempty"`
	RequestID string            `json:"request_id,omitempty"`
	Digest    string            `json:"digest"`
}

func viewDeed(deed domain.SealedDeed) deedView {
	text := func(id uuid.UUID) string {
		if id == uuid.Nil {
			return ""
		}
		return id.String()
	}
	return deedView{
		Number: deed.Number, At: deed.At.Format("2006-01-02T15:04:05.000000Z"), Action: deed.Action, Actor: text(deed.Actor), Room: text(deed.Room),
		Subject: deed.Subject, Details: deed.Details, Address: deed.Address, RequestID: deed.RequestID, Digest: deed.Digest,
	}
}

// withRecord opens the record for a command.
func withRecord(edition Edition, run func(*cobra.Command, *audit.Service) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		config, _, err := edition.prepare()
		if err != nil {
			return err
		}
		db, err := sqlstore.Open(config.Database)
		if err != nil {
			return err
		}
		defer func() { _ = db.Close() }()
		deeds := sqlstore.NewDeeds(db)
		return run(cmd, audit.New(deeds, sqlstore.NewLeases(db), db.Atomically, Surroundings(deeds), config.Audit))
	}
}
