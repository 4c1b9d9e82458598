package bootstrap

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"go.uber.org/dig"

	"meet/adapters/sqlstore"
	"meet/bootstrap/settings"
	"meet/domain"
)

// sentence is why the program ends, on one line and without secrets. Of what
// fx puts around the failure of a part only the cause is told.
func sentence(err error) string {
	text := strings.Join(strings.Fields(dig.RootCause(err).Error()), " ")
	env, unread := Environment(nil)
	if unread != nil { // then this is the failure
		env = nil
	}
	return settings.NewConcealer(env).Text(text)
}

// Named says which settings the failure of a part is about.
func Named(settings string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s: another program uses this address: %w", settings, err)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("%s: this user may not do that: %w", settings, err)
	}
	return fmt.Errorf("%s: %w", settings, err)
}

// ofDatabase names the settings of the database.
func ofDatabase(config sqlstore.Config, err error) error {
	if config.SQLitePath != "" {
		return Named("DATABASE_URL or DJANGO_DATA_DIR", err)
	}
	return Named("DATABASE_URL (or DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD)", err)
}

// reached names the settings of the database when it is away.
func reached(config sqlstore.Config, err error) error {
	if config.SQLitePath != "" || domain.KindOf(err) == domain.Unavailable {
		return ofDatabase(config, err)
	}
	return err
}

// openDatabase makes the pool, or says which setting is wrong.
func openDatabase(config sqlstore.Config) (*sqlstore.DB, error) {
	db, err := sqlstore.Open(config)
	return db, ofDatabase(config, err)
}
