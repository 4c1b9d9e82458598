package sqlstore

import (
	"errors"
	"net/url"
)

// applicationName is how connections introduce themselves, unless the address
// says otherwise.
const applicationName = "meet"

// Check says what is wrong with the configuration, without connecting.
func Check(cfg Config) error {
	if cfg.PostgresURL == "" {
		return nil
	}
	_, err := newConnector(cfg.PostgresURL, 0)
	return err
}

// withoutSecrets drops the address, which holds the password, from the error.
func withoutSecrets(err error) error {
	if malformed, ok := errors.AsType[*url.Error](err); ok {
		return malformed.Err
	}
	return err
}
