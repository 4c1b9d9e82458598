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
	"meet/ports"
)

// seal links fresh deeds to the chain and shows each in the log with its
// digest: a witness that who changes the database cannot change.
func seal(lifecycle fx.Lifecycle, record *audit.Service) {
	background(lifecycle, repeat(look, nil, "deeds were not sealed", func(ctx context.Context) error {
		return record.Seal(ctx, func(deed domain.SealedDeed) { show(ctx, deed) })
	}))
	background(lifecycle, repeat(sweepEvery, nil, "old deeds were not removed", func(ctx context.Context) error {
		return record.Forget(ctx, func(deed domain.SealedDeed) { show(ctx, deed) })
	}))
}

// show writes a deed to the log, as part of the request in which it was done.
func show(ctx context.Context, deed domain.SealedDeed) {
	attributes := []any{
		"audit", true, "number", deed.Number, "digest", deed.Digest, "at", deed.At, "actor", deed.Actor, "room", deed.Room,
		"subject", deed.Subject, "address", deed.Address,
	}
	for key, value := range deed.Details {
		attributes = append(attributes, key, value)
	}
	slog.InfoContext(ports.WithOrigin(ctx, deed.Origin), string(deed.Action), attributes...)
}

func auditCommand(edition Edition) *cobra.Command {
	command := &cobra.Command{Use: "audit", Short: "Read and check the record of who did what"}
	command.AddCommand(verifyCommand(edition), listCommand(edition))
	return command
}

var errAltered = errors.New("the record was altered")

func verifyCommand(edition Edition) *cobra.Command {
	var witnesses []string
	verify := &cobra.Command{
		Use: "verify", Short: "Check the record against itself, and against witnesses from the log", Args: cobra.NoArgs,
		RunE: withDatabase(edition, func(cmd *cobra.Command, config Config, db *sqlstore.DB) error {
			var seen []domain.Seal
			for _, text := range witnesses {
				witness, err := parseWitness(text)
				if err != nil {
					return err
				}
				seen = append(seen, witness)
			}
			deeds := sqlstore.NewDeeds(db)
			record := audit.New(deeds, sqlstore.NewLeases(db), db.Atomically, newSurroundings(deeds), config.Audit)
			report, err := record.Verify(cmd.Context(), seen...)
			if err != nil {
				return err
			}
			for _, problem := range report.Problems {
				cmd.Println("problem:", problem)
			}
			cmd.Printf("%d deeds checked, %d to %d; not sealed yet: %d\n", report.Checked, report.First.Number, report.Last.Number, report.Unsealed)
			if report.Older > 0 {
				cmd.Printf("%d witnesses are older than what is kept\n", report.Older)
			}
			if report.Checked > 0 {
				cmd.Printf("witness: %d:%s\n", report.Last.Number, report.Last.Digest)
			}
			if len(report.Problems) > 0 {
				return errAltered
			}
			return nil
		}),
	}
	verify.Flags().StringArrayVar(&witnesses, "witness", nil, "number:digest that an earlier check printed, or the log; may be given several times")
	return verify
}

// parseWitness reads "number:digest".
func parseWitness(text string) (domain.Seal, error) {
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
		Use: "list", Short: "Print what was done and sealed, a JSON object per line, oldest first", Args: cobra.NoArgs,
		RunE: withDatabase(edition, func(cmd *cobra.Command, _ Config, db *sqlstore.DB) error {
			deeds := sqlstore.NewDeeds(db)
			id, err := uuid.Parse(room)
			if err != nil && room != "" {
				return fmt.Errorf("--room: expected an id, got %q", room)
			}
			lines := json.NewEncoder(cmd.OutOrStdout())
			for after := int64(0); ; {
				page, err := deeds.Sealed(cmd.Context(), id, after, pageOfDeeds)
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
