package sqlstore

import (
	"errors"
	"net/url"

	"github.com/lib/pq"
)

// applicationName is how connections introduce themselves, unless the address
// says otherwise.
const applicationName = "meet"

// Check says what is wrong with the configuration, without connecting.
func Check(cfg Config) error {
	if cfg.PostgresURL == "" {
		return nil
	}
	_, err := newConnector(cfg.PostgresURL)
	return err
}

// newConnector makes connections to PostgreSQL on which statements travel with
// their arguments, unnamed. Of several hosts it takes one that can be written
// to, unless the address says otherwise.
func newConnector(address string) (*pq.Connector, error) {
	config, err := pq.NewConfig(address)
	if err != nil {
		return nil, withoutSecrets(err)
	}
	config.BinaryParameters = true
	if config.SSLMode == "" {
		config.SSLMode = pq.SSLModePrefer
	}
	if config.ApplicationName == "" {
		config.ApplicationName = applicationName
	}
	if len(config.Multi) > 0 && config.TargetSessionAttrs == "" {
		config.TargetSessionAttrs = pq.TargetSessionAttrsReadWrite
	}
	return pq.NewConnectorConfig(config)
}

// withoutSecrets drops the address, which holds the password, from the error.
func withoutSecrets(err error) error {
	if malformed, ok := errors.AsType[*url.Error](err); ok {
		return malformed.Err
	}
	return err
}
