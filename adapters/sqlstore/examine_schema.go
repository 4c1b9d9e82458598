package sqlstore

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"meet/domain"
)

// schema says what a start would have to do.
func (x *examination) schema(ctx context.Context) domain.Finding {
	const check = "database.schema"
	migrator := NewMigrator(x.db, x.config)
	found, err := migrator.Found(ctx)
	if err != nil {
		return domain.Finding{Check: check, Status: domain.Broken, Seen: withoutSecrets(err).Error(),
			Mend: "bring the database to a state that `meet migrate --dry-run` accepts"}
	}
	pending, err := x.steps(ctx, migrator)
	if err != nil {
		return failed(check, err)
	}
	if x.pending = pending != ""; !x.pending {
		return domain.Finding{Check: check, Status: domain.Healthy, Seen: found + ": the schema is up to date"}
	}
	if x.migrates {
		return domain.Finding{Check: check, Status: domain.Healthy, Seen: found + ": " + pending + "; the server applies them at start"}
	}
	return domain.Finding{Check: check, Status: domain.Broken, Seen: found + ": " + pending,
		Mend: "run `meet migrate up` (with --dry-run it says beforehand what changes), or set MIGRATE_ON_START=true"}
}

// steps says which are pending, "" for none.
func (x *examination) steps(ctx context.Context, migrator *Migrator) (pending string, err error) {
	report, err := migrator.Status(ctx)
	var names []string
	for _, step := range report.Steps {
		if !step.Applied {
			names = append(names, step.Name)
		}
	}
	switch {
	case len(names) == 0:
		return "", err
	case len(names) == len(report.Steps):
		return "all steps are pending", err
	}
	return "pending: " + strings.Join(names, ", "), err
}

func (x *examination) table(ctx context.Context, name string) (exists bool, err error) {
	query := `SELECT to_regclass(?) IS NOT NULL`
	if x.db.driver == sqlite3.driver {
		query = `SELECT COUNT(*) > 0 FROM sqlite_master WHERE name = ?`
	}
	err = x.db.get(ctx, nil, &exists, query, name)
	return exists, err
}

// rights says whether the steps that are pending could be applied.
func (x *examination) rights(ctx context.Context, schema domain.FindingStatus) domain.Finding {
	const check = "database.rights"
	var may struct {
		Name   string
		Create bool
		Locked string // functions of ours that we may not call
	}
	err := x.db.get(ctx, nil, &may, `SELECT COALESCE(current_schema(), '') AS name,
		COALESCE(has_schema_privilege(current_schema(), 'CREATE'), false) AS "create",
		COALESCE((SELECT string_agg(proname, ', ') FROM pg_proc WHERE pronamespace = to_regnamespace(quote_ident(current_schema()))
			AND proname LIKE 'meet\_server\_%' AND NOT has_function_privilege(oid, 'EXECUTE')), '') AS locked`)
	switch {
	case err != nil:
		return failed(check, err)
	case may.Locked != "":
		return domain.Finding{Check: check, Status: domain.Broken, Seen: "we may not call " + may.Locked,
			Mend: "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA " + may.Name + " to the user of DATABASE_URL (or DB_USER), by default privileges too"}
	case may.Create, may.Name != "" && !x.migrates && !x.pending:
		return domain.Finding{Check: check, Status: domain.Healthy, Seen: "our rights in " + may.Name + " suffice"}
	case may.Name == "":
		return domain.Finding{Check: check, Status: domain.Broken, Seen: "there is no schema on our search path",
			Mend: "create the schema that currentSchema in DATABASE_URL names, or GRANT USAGE on it to our user"}
	}
	finding := domain.Finding{Check: check, Status: domain.Doubtful, Seen: "we may not create tables in " + may.Name,
		Mend: "GRANT CREATE ON SCHEMA " + may.Name + " to the user of DATABASE_URL (or DB_USER), or run `meet migrate up` as one who may"}
	if x.pending || schema == domain.Broken {
		finding.Status = domain.Broken
	}
	return finding
}

// trigrams looks for the extension that searches need.
func (x *examination) trigrams(ctx context.Context) domain.Finding {
	const check = "database.extensions"
	var is struct{ Installed, Available, Permitted bool }
	err := x.db.get(ctx, nil, &is, `SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') AS installed,
		EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') AS available,
		has_database_privilege(current_database(), 'CREATE') AS permitted`)
	switch {
	case err != nil:
		return failed(check, err)
	case is.Installed:
		return domain.Finding{Check: check, Status: domain.Healthy, Seen: "pg_trgm is installed"}
	case !is.Available:
		return domain.Finding{Check: check, Status: domain.Broken, Seen: "pg_trgm is not there", Mend: "install PostgreSQL's contrib modules on the database server"}
	case !is.Permitted:
		return domain.Finding{Check: check, Status: domain.Broken, Seen: "pg_trgm is not installed and we may not do it",
			Mend: "run CREATE EXTENSION pg_trgm in the database as its owner, or GRANT CREATE on the database to the user of DATABASE_URL (or DB_USER)"}
	}
	return domain.Finding{Check: check, Status: domain.Healthy, Seen: "pg_trgm can be installed"}
}

// handedBack is what the reference accepts as a subject.
var handedBack = regexp.MustCompile(`^[\p{L}\p{M}\p{N}_.@+-]+$`)

const maxOdd = 10000 // subjects looked at

// people looks for what the reference would stumble over, should it be
// started on the database again. Nobody's name is told.
func (x *examination) people(ctx context.Context) []domain.Finding {
	if exists, err := x.table(ctx, "meet_user"); err != nil || !exists {
		return nil
	}
	subjects := domain.Finding{Check: "database.subjects", Status: domain.Healthy, Seen: "La Suite Meet would accept everybody's subject"}
	var odd []string
	err := x.db.list(ctx, &odd, `SELECT sub FROM meet_user WHERE sub IS NOT NULL AND sub !~ '^[A-Za-z0-9_.@+-]+$' LIMIT ?`, maxOdd)
	count := 0
	for _, sub := range odd {
		if !handedBack.MatchString(sub) {
			count++
		}
	}
	if err != nil {
		subjects = failed(subjects.Check, err)
	} else if count > 0 {
		subjects.Status, subjects.Seen = domain.Doubtful, fmt.Sprintf("%d people have a subject that La Suite Meet would refuse", count)
		subjects.Mend = "nothing to do here; before handing the database back, change their sub in meet_user (or at the provider, see OIDC_OP_URL)"
	}
	return []domain.Finding{subjects, x.zones(ctx)}
}

// zones looks for time zones that nobody knows. Which ones PostgreSQL knows
// depends on its machine, so it is not asked.
func (x *examination) zones(ctx context.Context) domain.Finding {
	finding := domain.Finding{Check: "database.timezones", Status: domain.Healthy, Seen: "everybody's time zone is known"}
	var names []string
	if err := x.db.list(ctx, &names, `SELECT DISTINCT timezone FROM meet_user LIMIT ?`, maxOdd); err != nil {
		return failed(finding.Check, err)
	}
	var unknown []string
	for _, name := range names {
		if _, err := time.LoadLocation(name); err != nil {
			unknown = append(unknown, strconv.Quote(name))
		}
	}
	if len(unknown) > 0 {
		finding.Status, finding.Seen = domain.Doubtful, "there are time zones that nobody knows: "+strings.Join(unknown[:min(5, len(unknown))], ", ")
		finding.Mend = "correct timezone in meet_user for them: La Suite Meet could not load those people"
	}
	return finding
}
